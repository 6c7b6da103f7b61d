/** What the sandbox's API gives and takes. */
import type { RunState, Step } from "../api/shapes";

export type Values = Record<string, unknown>;
export type Json = Record<string, unknown>;

/** One thing done in a trial: by people, other systems, time or an operator. */
export type Deed = Json;

export interface Scenario {
  process?: string;
  element?: string;
  at?: string;
  variables?: Values;
  jobs?: Record<string, Stub | Stub[]>;
  steps?: Deed[];
  expect?: Json;
}

export interface Stub {
  returns?: Values;
  fails?: { kind: string; cause: string };
  throws?: { error: string };
  times?: number;
}

export interface Start {
  element: string;
  name: string;
  kind: "none" | "message" | "signal" | "timer";
  form: string | null;
  html: string;
}

export interface Asked {
  key: string;
  element: string;
  name: string;
  job_type: string;
  sample: Values;
  errors: string[];
}

export interface Facts {
  process: string;
  starts: Start[];
  outside: Asked[];
  names: Record<string, string>;
  now: string;
}

export interface Task {
  element: string;
  name: string;
  run: string;
  assignee: string;
  quorum: number;
  votes: { person: string; decision: string }[];
  form: string | null;
  known: Values;
  html: string;
}

export interface Wait {
  kind: "message" | "signal" | "timer";
  element: string;
  name: string;
  message?: string;
  key?: string | null;
  due_at?: string;
}

export interface Line {
  at: string;
  kind: string;
  element: string;
  words: string;
  tone: "plain" | "fail" | "wait" | "done";
  facts: Json;
}

export interface Report {
  state: RunState | "refused";
  now: string;
  steps: Step[];
  story: Line[];
  tasks: Task[];
  waits: Wait[];
  incidents: { element: string; name: string; code: string; cause: string }[];
  waiting: string[];
  visited: Record<string, number>;
  variables: Values;
  next_at: string | null;
  next_job: { key: string; element: string; name: string; job_type: string; inputs: Values } | null;
  jobs_done: number;
  refused: { step: number; words: string } | null;
  differences: string[];
  /** The start form with what does not fit, where the trial did not begin for that. */
  start_html: string;
}

export interface Tried {
  scenario: Scenario;
  report: Report;
}

export interface Typed {
  element: string;
  values: Record<string, string[]>;
}

export interface SavedScenario {
  id: string;
  name: string;
  scenario: Scenario;
}

export interface Outcomes {
  passed: number;
  count: number;
  outcomes: { name: string; passed: boolean; words: string[] }[];
}
