/** Texts in the reader's language, from the catalogue of the server: `/texts.js`, loaded before us. */

interface Catalogue {
  gettext(message: string): string;
  ngettext(one: string, many: string, count: number): string;
}

declare global {
  // What Django's catalogue defines; without it every text stays as it is written.
  // eslint-disable-next-line no-var
  var django: Partial<Catalogue> | undefined;
}

type Values = Record<string, string | number>;

/** Returns a text; `%(name)s` in it is filled from the values, as in the texts of the server. */
export function gettext(message: string, values: Values = {}): string {
  return filled(globalThis.django?.gettext?.(message) ?? message, values);
}

/** Returns the form of a text that fits a number, which fills `%(count)s`. */
export function ngettext(one: string, many: string, count: number, values: Values = {}): string {
  const words = globalThis.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
  return filled(words, { count, ...values });
}

/** Returns the language of the page, for dates and numbers. */
export function language(): string {
  return globalThis.document?.documentElement.lang || "en-GB";
}

function filled(words: string, values: Values): string {
  return words.replaceAll(/%\((\w+)\)s/g, (whole, name: string) => String(values[name] ?? whole));
}
