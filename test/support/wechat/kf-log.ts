import type { StandInClock } from './clock.ts';
import type { Dice } from './dice.ts';

/** One entry as `sync_msg` gives it; for events the ids are inside of `event`. */
export interface KfItem {
  msgid: string;
  open_kfid?: string;
  external_userid?: string;
  send_time: number;
  origin: 3 | 4 | 5;
  servicer_userid?: string;
  msgtype: string;
  [content: string]: unknown;
}

export interface KfPage {
  next_cursor: string;
  has_more: 0 | 1;
  msg_list: KfItem[];
}

const retentionMs = 3 * 24 * 3600_000;

/** All that happened in one account of WeChat Customer Service, for three days, and the habits with which it is handed out. */
export class KfLog {
  /** At most so many on a page, whatever was asked for. */
  pageSize = 1000;
  /** So many pages to come are empty and say that there is more. */
  emptyPages = 0;
  /** Pages begin with the last event that was handed out before. */
  repeatsEvents = false;
  readonly #entries: { at: number; item: KfItem }[] = [];
  readonly #cursors = new Map<string, number>();
  readonly #clock: StandInClock;
  readonly #dice: Dice;

  constructor(clock: StandInClock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  add(item: KfItem): void {
    this.#entries.push({ at: this.#clock.now(), item });
  }

  get items(): KfItem[] {
    return this.#entries.map(({ item }) => item);
  }

  /** From a cursor on, or all of the last three days. `undefined` for a cursor that was never given. */
  page(cursor: string, limit: number): KfPage | undefined {
    const start = cursor === '' ? 0 : this.#cursors.get(cursor);
    if (start === undefined) return undefined;
    if (this.emptyPages > 0) {
      this.emptyPages--;
      return { next_cursor: this.#cursorTo(start), has_more: 1, msg_list: [] };
    }
    const oldest = this.#entries.findIndex(({ at }) => this.#clock.now() - at < retentionMs);
    const from = oldest < 0 ? this.#entries.length : Math.max(start, oldest);
    const to = Math.min(from + Math.min(limit, this.pageSize), this.#entries.length);
    const again = this.repeatsEvents ? this.#entries.slice(0, from).findLast(({ item }) => item.msgtype === 'event') : undefined;
    const msg_list = [...(again ? [again] : []), ...this.#entries.slice(from, to)].map(({ item }) => item);
    return { next_cursor: this.#cursorTo(to), has_more: to < this.#entries.length ? 1 : 0, msg_list };
  }

  /** Opaque: another name for the same place each time. */
  #cursorTo(position: number): string {
    const cursor = this.#dice.name(48);
    this.#cursors.set(cursor, position);
    return cursor;
  }
}
