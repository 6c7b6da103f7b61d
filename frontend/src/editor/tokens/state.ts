/** Where the tokens are. A state is never changed: each move makes another. */

/** A token on a flow, or in an activity that is under way. */
export interface Token {
  id: number;
  scope: number;
  /** The flow or the activity. */
  at: string;
  /** How many turns of a repeated activity are still to be made. */
  left: number;
}

/** One turn of a level: a run of a process, or one turn of a sub-process. */
export interface Scope {
  id: number;
  level: string;
  parent: number | null;
  /** The token that waits in the sub-process for it; none where an event began it. */
  host: number | null;
}

export interface State {
  tokens: readonly Token[];
  scopes: readonly Scope[];
  /** How often each flow was taken. */
  taken: ReadonlyMap<string, number>;
  next: number;
}

export const BEGINNING: State = { tokens: [], scopes: [], taken: new Map(), next: 1 };

/** Returns a scope and all that lie in it. */
export function within(state: State, scope: number): Set<number> {
  const found = new Set([scope]);
  // A scope is always made after the one it lies in.
  for (const each of state.scopes) if (each.parent !== null && found.has(each.parent)) found.add(each.id);
  return found;
}

export function tokensAt(state: State, scope: number, place: string): Token[] {
  return state.tokens.filter((token) => token.scope === scope && token.at === place);
}

/** Returns a text that is the same for states that can go on in the same ways. */
export function signature(state: State): string {
  const path = (scope: number | null): string => {
    const one = state.scopes.find((each) => each.id === scope);
    return one ? `${path(one.parent)}/${one.level}` : "";
  };
  return state.tokens
    .map((token) => `${path(token.scope)}:${token.at}:${token.left}`)
    .sort()
    .join(" ");
}
