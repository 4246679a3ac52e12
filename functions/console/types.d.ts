// The types of the console's modules. Those of the API come from its OpenAPI document. For the checker
// alone: no browser loads this file.

import type * as Api from "#api";

export type * from "#api";

// --- what the API answers --------------------------------------------------------------------------------------------

type Part<S> = S extends `${infer First}/${infer Rest}` ? `${Wild<First>}/${Part<Rest>}` : Wild<S & string>;
/** A variable part of a path, {name} in the document, becomes a star. */
type Wild<P extends string> = string extends P ? "*" : P extends `{${string}}` ? "*" : `${number}` extends P ? "*" : P;
type Read<O> = O extends { responses: { 200: { content: { "application/json": infer Body } } } } ? Body : never;
type Answers = { [P in keyof Api.paths as P extends `/${infer Path}` ? Part<Path> : never]: Read<Api.paths[P]["get"]> };

/** The answer to a GET of a path; of a path that is not in the document, nothing is known. */
export type Answer<P extends string> = string extends P
  ? any
  : Part<P> extends keyof Answers
    ? Answers[Part<P>]
    : unknown;

/** A change that was kept: its values before and after are the fields of whatever was changed. */
export type Change = Omit<Api.Change, "before" | "after"> & { before: Fields | null; after: Fields | null };
export type Fields = Record<string, unknown>;
/** The fields that several kinds of records share. */
export type Known = Pick<Api.Incident, "evidence" | "meaning" | "next_steps" | "testid">;
export type Overview = Pick<Api.Now, "counts" | "down" | "slow" | "quiet" | "held">;
export type Concerned = Api.Concerned;
export type Window = Api.WindowOfCalendar;

// --- building a page -------------------------------------------------------------------------------------------------

/** A child of an element. null, undefined and false are left out. */
export type Child = Node | string | number | boolean | null | undefined | Child[];
/** Listeners get an event whose target is the element that they are put on, or one within it. */
type Heard<E> = Omit<E, "target" | "currentTarget"> & { target: any; currentTarget: any };
type Events = HTMLElementEventMap & { submit: SubmitEvent };
export type Properties = { [E in keyof Events as `on${E}`]?: (event: Heard<Events[E]>) => unknown } & {
  [name: string]: unknown;
};
export type Listener = (event: Heard<MouseEvent>) => unknown;
/** A form, whose inputs are known by their names. */
export type Form = { elements: Record<string, HTMLInputElement> };

/** The parameters that are read from an address, and those that are written into one. */
export type Query = Record<string, string>;
export type Given = Record<string, string | number | boolean | null | undefined>;

/** What a page gives: `load` reads and draws. */
export interface Page {
  load(signal: AbortSignal): Promise<void>;
  /** Seconds until it is read again. */
  every?(): number;
  /** It says something in the title, so it is read while nobody looks, too. */
  unseen?: boolean;
  /** The address names something else of this page now. */
  changed?(query: Query): void;
  /** Something typed would be lost. */
  unsaved?(): boolean;
}
/** A page that is one list: the parameters it uses, what it reads, and how it shows that. */
export interface ListPage<L extends { items: any[] }> {
  path: string;
  title: string;
  /** Seconds until it is read again. */
  every: number;
  /** The parts of the address's query that it goes by. */
  named: string[];
  above: Child;
  filters?(wanted: () => Query): { form: HTMLElement; fill(query: Query): void };
  list(rows: HTMLElement): HTMLElement;
  read(wanted: Query, signal: AbortSignal): Promise<L>;
  key(item: L["items"][number]): unknown;
  row(item: L["items"][number]): HTMLElement;
  /** What stands there where the list is empty. */
  empty(data: L, wanted: Query): Child;
}
export type MakePage = (place: HTMLElement, path: string[], query: Query, again: () => void) => Page;
export type FindPage = (path: string[]) => Promise<MakePage>;
/** A page as app.js keeps it. */
export interface Shown {
  changes(): boolean;
  changed(query: Query): void;
  unsaved(): boolean;
  stop(): void;
}

// --- signing in ------------------------------------------------------------------------------------------------------

export type Pool = { login: string; client: string };
export type Session = { access: string | null; refresh: string | null; until: number };
export type Challenge = { name: string; session: string; user: string };
/** Who is signed in. */
export type SignedIn = { name: string; role: string; customer: string };

/** How the monitor is, as the chip in the menu has it. */
export type Looked = Partial<Api.Health> & { status: number; at: number; round: number | null; loop: number | null };

// --- values ----------------------------------------------------------------------------------------------------------

/** A moment: milliseconds, or a date as the API writes it. */
export type Moment = number | string;
export type Unit = "s" | "min" | "h" | "d";
/** The settings for all domains, by their names. */
export type Values = Api.Settings & Record<string, any>;
/** How a setting is written and read. */
export type Format = {
  write(value: any): string;
  read(text: string): any;
  means?(value: any): string;
  slip?(text: string): string;
  none?(text: string): boolean;
  options?: Record<string, string>;
  inputmode?: string;
};
export type Setting = Format & { name: string; label: string; note: string };
export type LimitName = "maxfailnumber" | "maxfailpercentage" | "maxlatenumber" | "maxlatepercentage";
/** A column of a table: its name, its label, and whether it is shown by default. */
export type Column = [string, string, boolean];
/** A bulk action on domains: the input it asks for, and the request that it makes. */
export type Deed = { word: string; asks: string | null; codes?: boolean; makes(text: string): object };
/** The checkboxes that select rows, and the tools above them. */
export type Choosing = ReturnType<typeof import("./shared/choosing.js").choosing>;
/** Whose domains are made quiet. */
export type Target = { scope: string; target: string };

// --- charts ----------------------------------------------------------------------------------------------------------

export type Stretch = { start: number; end: number };
/** A column of a chart: a day or an hour, and its figures. */
export type Slot<F> = Stretch & { name: string; tick: string; figures: F | null };
/** A limit: what it is called, and its seconds. */
export type Limit = [string, number];
export type Places = { wide: number; x(place: number): number };
export type CountsOfSlot = { ontime: number; late: number; quiet: number; unsent: number } & Record<string, number>;
export type HourCounts = Omit<Api.Hour, "at">;
/** An hour of the heat map; one that does not exist, or is still to come, has no start. */
export type Cell = { start: number | null; name: string; figures: HourCounts | null };
export type Box = { x: string; width: string; y: number; height: number };
/** The measurements of a domain in the chosen period. */
export type Found = {
  range: number;
  stats: Api.Stats;
  hours: Api.Hour[];
  tests: Single | null;
  windows: Stretch[];
};
/** The tests of a day, when they were read, and whether there are more than are drawn. */
export type Single = { read: number; items: Api.Test[]; more: boolean };
/** Which of the figures of a day are delivery times. */
export type Measured = Extract<keyof Api.FiguresOfDay, `${string}delivery_time`>;
/** Something that happened to a test: when, what it is called, and what a server said. */
export type Happened = { at: string; word: string; kind: string; server?: string; text?: string; note?: string };
