import { z } from 'zod';
import { caseStateLabels } from '../../dialogs/intake/wording.ts';
import { daysBetween, daysFrom, plusDays, weekdayOf } from '../../knowledge/calendar/days.ts';
import { caseStates } from '../../knowledge/filing/filing-case.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { writeCsv } from '../../knowledge/sheet/csv.ts';
import { encodeSheet } from '../../knowledge/sheet/decode-sheet.ts';
import { asText } from '../cases/case-sheet.ts';
import type { Cases } from '../cases/cases.ts';
import { add, type Counts } from '../figures/counts.ts';
import type { Figures } from '../figures/figures.ts';
import { checked } from '../http/body.ts';
import { sendJson } from '../http/http-error.ts';
import type { Route, RoutedRequest } from '../http/web-server.ts';
import { type FigureRow, type FigureSpan, type FigureTable, figureSpans } from './desk-api.ts';
import type { DeskGate } from './desk-gate.ts';
import { get } from './desk-route.ts';

export interface FigureRoutesOptions {
  gate: DeskGate;
  figures: Figures;
  cases: Pick<Cases, 'count'>;
  knowledge: () => Knowledge;
}

type Query = z.infer<typeof querySchema>;

const mostDays = 400;
const mostTopics = 20;
const minuteMs = 60_000;

/** Checked before any counting with it. */
const day = z.iso.date({ abort: true });
const querySchema = z
  .strictObject({ from: day, to: day, by: z.enum(figureSpans).default('day') })
  .refine(
    ({ from, to }) => daysBetween(from, to) >= 0 && daysBetween(from, to) < mostDays,
    `from and to: at most ${mostDays} days, in order`,
  );

/** How much there was of what; see the table in `desk-api.ts`. Nothing in it is about a person. */
export class FigureRoutes {
  readonly #options: FigureRoutesOptions;

  constructor(options: FigureRoutesOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    const { gate } = this.#options;
    return [
      get('figures', async (request, response) => {
        await gate.admit(request, 'supervisor');
        sendJson(response, 200, await this.#table(queryOf(request)));
      }),
      get('figures/sheet', async (request, response) => {
        await gate.admit(request, 'supervisor');
        const sheet = sheetOf(await this.#rows(queryOf(request)));
        response.writeHead(200, {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Length': sheet.length,
          'Content-Disposition': 'attachment; filename="figures.csv"',
        });
        response.end(sheet);
      }),
    ];
  }

  async #table(query: Query): Promise<FigureTable> {
    const [spans, cases] = await Promise.all([this.#spans(query), this.#cases()]);
    const all = [...spans.values()].reduce(add, {});
    return { rows: rowsOf(spans), topics: this.#topicsIn(all), cases };
  }

  async #rows(query: Query): Promise<FigureRow[]> {
    return rowsOf(await this.#spans(query));
  }

  /** The sums of each span, by its first day. */
  async #spans({ from, to, by }: Query): Promise<Map<string, Counts>> {
    const days = daysFrom(from, to);
    const counts = await this.#options.figures.of(days);
    const spans = new Map<string, Counts>();
    days.forEach((each, at) => {
      const first = firstDayOf(each, by);
      spans.set(first, add(spans.get(first) ?? {}, counts[at] ?? {}));
    });
    return spans;
  }

  #topicsIn(counts: Counts): FigureTable['topics'] {
    const knowledge = this.#options.knowledge();
    return Object.entries(counts)
      .filter(([name]) => name.startsWith('topic:'))
      .map(([name, count]) => ({ topic: name.slice('topic:'.length), count }))
      .sort((a, b) => b.count - a.count || (a.topic < b.topic ? -1 : 1))
      .slice(0, mostTopics)
      .map(({ topic, count }) => ({ topic, question: knowledge.entry(topic)?.question ?? topic, count }));
  }

  async #cases(): Promise<FigureTable['cases']> {
    const { cases } = this.#options;
    const counted = await Promise.all(
      caseStates.map(async (state) => ({ state, name: caseStateLabels[state], count: await cases.count(state) })),
    );
    return counted.filter(({ count }) => count > 0);
  }
}

function firstDayOf(each: string, by: FigureSpan): string {
  switch (by) {
    case 'day':
      return each;
    case 'week':
      return plusDays(each, -((weekdayOf(each) + 6) % 7));
    case 'month':
      return `${each.slice(0, 7)}-01`;
  }
}

function rowsOf(spans: ReadonlyMap<string, Counts>): FigureRow[] {
  return [...spans].map(([from, counts]) => rowOf(from, counts));
}

function rowOf(from: string, counts: Counts): FigureRow {
  const of = (name: string) => counts[name] ?? 0;
  const average = (name: string) => {
    const events = of(`${name}:count`);
    return events === 0 ? {} : { [`${name}Minutes`]: Math.round((of(`${name}:ms`) / events / minuteMs) * 10) / 10 };
  };
  return {
    from,
    conversations: of('conversation'),
    answered: of('answer'),
    suggested: of('suggest'),
    unknown: of('unknown'),
    misses: of('miss'),
    useful: of('useful'),
    notUseful: of('not-useful'),
    handoffs: of('handoff'),
    completed: of('completed'),
    failed: of('failed'),
    ...average('wait'),
    ...average('response'),
    ...average('resolution'),
    ratings: { good: of('rating:good'), fair: of('rating:fair'), bad: of('rating:bad') },
  };
}

const columns: [heading: string, value: (row: FigureRow) => string | number | undefined][] = [
  ['起始日期', ({ from }) => from],
  ['会话', ({ conversations }) => conversations],
  ['直接回答', ({ answered }) => answered],
  ['给出选项', ({ suggested }) => suggested],
  ['没有答上', ({ unknown }) => unknown],
  ['待补充知识', ({ misses }) => misses],
  ['评为有用', ({ useful }) => useful],
  ['评为没用', ({ notUseful }) => notUseful],
  ['转人工', ({ handoffs }) => handoffs],
  ['人工完成', ({ completed }) => completed],
  ['人工未接', ({ failed }) => failed],
  ['平均等待（分钟）', ({ waitMinutes }) => waitMinutes],
  ['平均首次回复（分钟）', ({ responseMinutes }) => responseMinutes],
  ['平均解决（分钟）', ({ resolutionMinutes }) => resolutionMinutes],
  ['满意', ({ ratings: { good } }) => good],
  ['一般', ({ ratings: { fair } }) => fair],
  ['不满意', ({ ratings: { bad } }) => bad],
];

function sheetOf(rows: readonly FigureRow[]): Uint8Array {
  const lines = rows.map((row) => columns.map(([, value]) => asText(String(value(row) ?? ''))));
  return encodeSheet(writeCsv([columns.map(([heading]) => heading), ...lines]));
}

function queryOf(request: RoutedRequest): Query {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  return checked(querySchema, Object.fromEntries(searchParams));
}
