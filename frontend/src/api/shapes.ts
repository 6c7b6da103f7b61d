/** What the API answers, schema 1. */

export interface ProblemDocument {
  title: string;
  status: number;
  code: string;
  errors?: { field?: string; message?: string; title?: string }[];
  who?: string;
  at?: string;
  revision?: number;
}

/** A fault of a model, beside its element. */
export interface ModelProblem {
  code: string;
  severity: "error" | "warning" | "hint";
  element: string | null;
  name: string;
  message: string;
  hint: string;
  /** The elements that hold a token in the run that shows it, and the way there. */
  tokens: string[];
  path: string[];
  /** What an editor can do about it: `do`, and what that needs. */
  mend: Record<string, string>;
}

/** What is measured of one level of a drawing; `beside` is what another program says of it. */
export interface Complexity {
  levels: { level: string; name: string; measures: { key: string; words: string; value: string; limit: string; above: boolean; other: string }[] }[];
  beside: { name: string; state: "told" | "absent" | "failed"; sentence: string };
}

export interface Draft {
  id: string;
  process: { id: string; key: string; name: string };
  revision: number;
  xml: string;
  problems: ModelProblem[];
  saved_at: string;
  may_edit: boolean;
}

export interface Saved {
  revision: number;
  problems: ModelProblem[];
  saved_at: string;
  /** A sentence for each setting of another tool that went with the edit. */
  lost: string[];
}

/** Two edits of a draft as one model, to be saved under this revision, and what only one can have. */
export interface Meeting {
  revision: number;
  saved_at: string;
  who: string;
  xml: string;
  conflicts: { key: string; element: string; name: string; elements: string[]; mine: string[]; theirs: string[] }[];
  /** Flows whose ends both moved. */
  redrawn: string[];
  /** What came of the other edit, in sentences. */
  taken: string[];
}

export interface Change {
  kind: "added" | "removed" | "changed" | "moved";
  group: "behaviour" | "data" | "text" | "layout";
  element: string;
  name: string;
  type: string;
  sentence: string;
  risk: "none" | "low" | "medium" | "high";
  properties: { label: string; before: string | null; after: string | null }[];
}

export interface Review {
  version: { id: string; number: number | null; digest: string; model_url: string };
  base: { id: string; number: number; model_url: string } | null;
  changes: Change[];
  problems: ModelProblem[];
}

export type RunState = "running" | "waiting" | "failed" | "paused" | "completed" | "cancelled";
export type StepKind = "user" | "service" | "timer" | "message" | "script" | "gateway" | "call" | "subprocess" | "event";

interface Fact {
  seq: number;
  at: string;
}

/** The public vocabulary of what happens in a run; pages and frames carry the same list. */
export type Step = Fact &
  (
    | { type: "activated"; element: string; activity: string; name: string; kind: StepKind; state: "running" | "waiting" }
    | { type: "completed"; element: string; activity: string }
    | { type: "cancelled"; element: string; activity: string }
    | { type: "failed"; element: string; activity: string; cause: string; attempt: number; attempts: number }
    | { type: "attempted"; element: string; activity: string; attempt: number; attempts: number; cause: string; next_at: string | null }
    | { type: "retried"; element: string; activity: string }
    | { type: "flow"; flow: string }
    | { type: "run"; state: RunState }
  );

export interface Run {
  id: string;
  key: string;
  title: string;
  state: RunState;
  model_url: string;
  started_at: string;
  ended_at: string | null;
  seq: number;
  steps: Step[];
}

export type Frame =
  | { schema: 1; type: "hello"; seq: number }
  | { schema: 1; type: "advance"; seq_from: number; seq: number; steps: Step[] }
  | { schema: 1; type: "reload" }
  | { type: "pong" };
