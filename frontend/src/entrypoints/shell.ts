import "htmx.org";

import { startShell } from "../ui/shell";

startShell();
