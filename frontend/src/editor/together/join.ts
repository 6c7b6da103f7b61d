/** Joins the room of a draft: says what is selected here, shows what others have in hand. */
import type EventBus from "diagram-js/lib/core/EventBus";

import type { Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { People } from "./people";
import { Room } from "./room";

/** Enters, and calls when somebody saved. */
export function joinRoom(diagram: Diagram, draft: string, tools: HTMLElement, onSaved: (revision: number, who: string) => void): People {
  const people = new People(diagram, tools);
  const room = new Room(draft, { onSeats: (seats) => people.show(seats), onSaved });
  diagram.get<EventBus>("eventBus").on("selection.changed", (event: { newSelection: Shape[] }) => {
    const one = event.newSelection.length === 1 ? (event.newSelection[0]?.labelTarget ?? event.newSelection[0]) : undefined;
    room.select(one?.id ?? null);
  });
  return people;
}
