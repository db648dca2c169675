// Between the contract and the view: what every call has in common.
import { log } from "hothouse:live/environment@0.1.0";
import type { Document, Event, Message, Outcome, RenderScope } from "hothouse:live/lifecycle@0.1.0";
import type { Failure, FailureKind } from "hothouse:live/types@0.1.0";

/** Declares a failure: the view lives on, and the page shows the message. */
export function refuse(kind: FailureKind, message: string): never {
  throw new Refusal({ kind, message });
}

class Refusal {
  constructor(readonly failure: Failure) {}
}

/** What escapes from a call ends the instance with a trap that says nothing: its message is logged before. */
function reported<A extends unknown[], R>(call: (...values: A) => R): (...values: A) => R {
  return (...values) => {
    try {
      return call(...values);
    } catch (error) {
      // As the tools want a failure: an object that is no `Error`.
      if (error instanceof Refusal) throw error.failure;
      log("error", error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error));
      throw error;
    }
  };
}

interface View {
  /** An instance belongs to one page of one browser and its calls are serial: the state is the module's. */
  state: object;
  handleEvent(event: Event): void;
  handleInfo(message: Message): void;
  render(everything: boolean): Document;
  /** What people do, to be played before there are any. */
  rehearsal: Event[];
}

const nothing: Outcome = { effects: [] };

/**
 * Plays events while the component is made: what the engine prepares when a function is first run is then shared by all
 * views. Leaves no trace: the state is put back, and the host asks for everything first.
 */
function warm(view: View): void {
  const before = { ...view.state };
  for (let round = 0; round < 32; round += 1) {
    view.render(true);
    for (const event of view.rehearsal) {
      view.handleEvent(event);
      view.render(false);
    }
    Object.assign(view.state, before);
  }
}

/** The contract's exports for a view that asks for no effects. */
export function exported(view: View) {
  warm(view);
  return {
    lifecycle: {
      mount: () => nothing,
      connected: () => nothing,
      handleParams: () => nothing,
      handleEvent: reported((event: Event) => (view.handleEvent(event), nothing)),
      handleInfo: reported((message: Message) => (view.handleInfo(message), nothing)),
      handleTask: () => nothing,
      render: reported((scope: RenderScope) => view.render(scope.tag === "everything")),
      componentsRemoved: () => nothing,
      terminate: () => {},
      snapshot: () => undefined,
      restore: reported(() => refuse("unavailable", "this view keeps no snapshots")),
    } satisfies typeof import("hothouse:live/lifecycle@0.1.0"),
    tasks: {
      runTask: reported(() => refuse("not-found", "this view has no tasks")),
    } satisfies typeof import("hothouse:live/tasks@0.1.0"),
  };
}
