/** The sample values that expressions of a draft are tried with: what people wrote, and guesses. */
import type { Variable } from "./known";

type Values = Record<string, unknown>;

export class Sample {
  private readonly name: string;

  constructor(draft: string) {
    this.name = `interlock.sample.${draft}`;
  }

  /** Returns a value for each variable that is known; what somebody wrote stands above a guess. */
  for(variables: readonly Variable[]): Values {
    const guessed = Object.fromEntries(variables.map(({ name, sample }) => [name, sample]));
    return { ...guessed, ...this.kept() };
  }

  /** Keeps what somebody wrote, in this browser. */
  keep(values: Values): void {
    localStorage.setItem(this.name, JSON.stringify(values));
  }

  private kept(): Values {
    try {
      const found: unknown = JSON.parse(localStorage.getItem(this.name) ?? "{}");
      return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Values) : {};
    } catch {
      return {};
    }
  }
}
