import { afterEach, expect, test } from "vitest";

import { gettext, ngettext } from "./words";

afterEach(() => {
  globalThis.django = undefined;
});

test("a text is as it is written where there is no catalogue", () => {
  expect(gettext("%(name)s is taken.", { name: "Task_1" })).toBe("Task_1 is taken.");
  expect(ngettext("%(count)s field", "%(count)s fields", 1)).toBe("1 field");
  expect(ngettext("%(count)s field", "%(count)s fields", 0)).toBe("0 fields");
});

test("the catalogue is asked for the template, and then it is filled", () => {
  globalThis.django = {
    gettext: (message) => `⟦${message}⟧`,
    ngettext: (one, many, count) => `⟦${count === 1 ? one : many}⟧`,
  };

  expect(gettext("%(name)s is taken.", { name: "%(name)s" })).toBe("⟦%(name)s is taken.⟧");
  expect(ngettext("%(count)s field", "%(count)s fields", 3)).toBe("⟦3 fields⟧");
});
