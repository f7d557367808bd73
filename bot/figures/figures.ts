import { chinaDay } from '../../dialogs/china-day.ts';
import type { BusinessHours } from '../../knowledge/calendar/business-hours.ts';
import { type Day, plusDays } from '../../knowledge/calendar/days.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { allPartitions, partitionOf, type Store } from '../store/store.ts';
import { add, type Counts, countsOf } from './counts.ts';
import { eventLog, type FigureEvent } from './figure-event.ts';

const place = partitionOf('figures');
const names = { day: (day: Day) => `figures-day:${day}`, summed: 'figures-summed' };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const keptDays = 800;
const batch = 1000;

/** How far the events of a day's partition were read. */
interface Read {
  after: number;
  counts: Counts;
}

/**
 * How much there was of what, day by day in China. Events of a day stand in logs beside what they count; when the day is over they are
 * summed up, into one record, and the logs go.
 */
export class Figures {
  readonly #store: Store;
  readonly #hours: BusinessHours | undefined;
  /** Of days that are not summed up yet, so that each event is read once. */
  readonly #read = new Map<Day, Read[]>();

  constructor(store: Store, hours: BusinessHours | undefined) {
    this.#store = store;
    this.#hours = hours;
  }

  today(): Day {
    return chinaDay(this.#store.now());
  }

  /** Of each of these days. */
  async of(days: readonly Day[]): Promise<Counts[]> {
    const today = this.today();
    return Promise.all(days.map(async (day) => (await this.#summed(day)) ?? (day > today ? {} : this.#unsummed(day))));
  }

  /** Sums up the days that are over. Doing it again, or at the same time as another instance, changes nothing. */
  async sumUp(): Promise<void> {
    // An hour later: no clock of another instance is so far behind that it still counts for the day before.
    const last = plusDays(chinaDay(this.#store.now() - hourMs), -1);
    const record = await this.#store.get(place, names.summed);
    // Where nothing was summed up ever, there is nothing of before.
    for (let day = record ? plusDays(decode<Day>(record.value), 1) : last; day <= last; day = plusDays(day, 1)) await this.#sumUpDay(day);
  }

  async #sumUpDay(day: Day): Promise<void> {
    if (!(await this.#summed(day))) {
      const counts = await this.#unsummed(day);
      const expiresAt = this.#store.now() + keptDays * dayMs;
      await this.#store.apply(place, {
        // Another instance that was faster may have taken away what was just being read.
        checks: [{ record: names.day(day), version: 0 }],
        operations: [{ do: 'put', record: names.day(day), value: encode(counts), expiresAt }],
      });
    }
    for (const partition of allPartitions) await this.#store.apply(partition, { operations: [{ do: 'drop', log: eventLog(day) }] });
    this.#read.delete(day);
    await this.#store.apply(place, { operations: [{ do: 'put', record: names.summed, value: encode(day) }] });
  }

  async #summed(day: Day): Promise<Counts | undefined> {
    const record = await this.#store.get(place, names.day(day));
    return record && decode<Counts>(record.value);
  }

  async #unsummed(day: Day): Promise<Counts> {
    const reads = this.#read.get(day) ?? allPartitions.map(() => ({ after: 0, counts: {} }));
    this.#read.set(day, reads);
    await Promise.all(allPartitions.map((partition, at) => this.#readOn(partition, day, reads, at)));
    return reads.reduce<Counts>((sum, { counts }) => add(sum, counts), {});
  }

  async #readOn(partition: string, day: Day, reads: Read[], at: number): Promise<void> {
    for (;;) {
      const { after, counts } = reads[at] ?? { after: 0, counts: {} };
      const entries = await this.#store.read(partition, eventLog(day), after, batch);
      const last = entries.at(-1);
      if (!last) return;
      const more = entries.reduce<Counts>((sum, { value }) => add(sum, countsOf(decode<FigureEvent>(value), this.#hours)), { ...counts });
      // Who asks at the same time reads the same, which must not count twice.
      if (reads[at]?.after === after) reads[at] = { after: last.position, counts: more };
    }
  }
}
