// What the view does, without how it looks.
import type { Event, Message } from "hothouse:live/lifecycle@0.1.0";
import { refuse } from "./guest.ts";

const MAX_ENTRIES = 100;
const MAX_NAME_CHARACTERS = 20;

export interface Entry {
  id: number;
  by: number;
  count: number;
}

export const state = {
  count: 0,
  ticks: 0,
  name: "",
  nameError: undefined as string | undefined,
  /** The newest is the first. */
  entries: [] as Entry[],
  lastId: 0,
};

export const rehearsal: Event[] = [
  { name: "increment", target: undefined, payload: { tag: "json", val: '{"value":""}' } },
  { name: "rename", target: undefined, payload: { tag: "form", val: [{ name: "name", value: "somebody" }] } },
  { name: "remove", target: undefined, payload: { tag: "json", val: '{"id":"1"}' } },
];

export function handleEvent({ name, payload }: Event): void {
  switch (name) {
    case "increment":
      return add(1);
    case "decrement":
      return add(-1);
    case "rename":
      if (payload.tag !== "form") return refuse("bad-input", "the form has no name");
      return rename(payload.val.find((pair) => pair.name === "name")?.value);
    case "remove":
      if (payload.tag !== "json") return refuse("bad-input", "there is no such entry");
      return remove(Number(JSON.parse(payload.val).id));
    case "refuse":
      return refuse("bad-input", "refused, as asked");
    case "trap":
      throw new Error("trap, as asked");
    case "spin":
      for (;;) {}
    case "grow": {
      const blocks = [];
      for (;;) blocks.push(new Uint8Array(1 << 16).fill(1));
    }
    default:
      return refuse("bad-input", "there is no such event");
  }
}

export function handleInfo(message: Message): void {
  if (message.tag === "timer" && message.val === "tick") state.ticks += 1;
}

function add(by: number): void {
  state.count += by;
  state.lastId += 1;
  state.entries = [{ id: state.lastId, by, count: state.count }, ...state.entries.slice(0, MAX_ENTRIES - 1)];
}

function remove(id: number): void {
  const others = state.entries.filter((entry) => entry.id !== id);
  if (others.length === state.entries.length) refuse("bad-input", "there is no such entry");
  state.entries = others;
}

function rename(name: string | undefined): void {
  if (name === undefined) return refuse("bad-input", "the form has no name");
  state.name = name;
  // Characters, not the units of UTF-16 that `length` counts.
  state.nameError = name === "" ? "The name is required."
    : [...name].length > MAX_NAME_CHARACTERS ? "The name has at most 20 characters."
    : undefined;
}

/** What stands in a row: `+1: 3`. */
export const line = ({ by, count }: Entry): string => `${by < 0 ? "" : "+"}${by}: ${count}`;
