/** The one way to the API: token, If-Match, Idempotency-Key, and refusals as sentences. */
import { gettext } from "../ui/words";
import type { ProblemDocument } from "./shapes";

/** The server refused, and says why and what would make it pass. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly problem: ProblemDocument) {
    super([problem.title, ...(problem.errors ?? []).map((row) => row.message ?? row.title ?? "")].filter(Boolean).join(" "));
  }

  get status(): number {
    return this.problem.status;
  }
}

/** No answer came: the network, or the server, is away. Nothing is known about what was asked. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor() {
    super(gettext("Connection lost. What you typed is kept."));
  }
}

export interface Ask {
  body?: unknown;
  ifMatch?: number;
  key?: string;
}

/** Asks and returns the answer. Throws Refused or Unreachable. */
export async function call<T>(method: string, url: string, ask: Ask = {}): Promise<T> {
  return (await (await send(method, url, ask)).json()) as T;
}

/** Fetches a text, such as a model or a part of a page. */
export async function text(url: string): Promise<string> {
  return (await send("GET", url, {})).text();
}

async function send(method: string, url: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json, application/xml, text/html" };
  if (method !== "GET") headers["X-CSRFToken"] = token();
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.ifMatch !== undefined) headers["If-Match"] = `"${ask.ifMatch}"`;
  if (ask.key !== undefined) headers["Idempotency-Key"] = ask.key;
  let response: Response;
  try {
    const body = ask.body === undefined ? null : JSON.stringify(ask.body);
    response = await fetch(url, { method, headers, body, credentials: "same-origin" });
  } catch {
    throw new Unreachable();
  }
  if (!response.ok) throw new Refused(await problemOf(response));
  return response;
}

async function problemOf(response: Response): Promise<ProblemDocument> {
  try {
    return (await response.json()) as ProblemDocument;
  } catch {
    return { title: gettext("The server answered %(status)s. Try again in a minute.", { status: response.status }), status: response.status, code: "" };
  }
}

function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}
