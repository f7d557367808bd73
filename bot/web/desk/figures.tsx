import { useEffect, useState } from 'preact/hooks';
import { chinaDay } from '../../../dialogs/china-day.ts';
import type { FigureRow, FigureSpan, FigureTable } from '../../desk/desk-api.ts';
import { api, read } from './calls.ts';
import { Chart } from './chart.tsx';
import { useDesk } from './context.ts';
import { WideTable } from './wide-table.tsx';

const spans: Record<FigureSpan, string> = { day: '按天', week: '按周', month: '按月' };
const stretches = [
  { days: 7, label: '近7天' },
  { days: 30, label: '近30天' },
  { days: 90, label: '近90天' },
  { days: 365, label: '近一年' },
] as const;

const dayMs = 86_400_000;

/** How much there was of what, for supervisors: conversations, answers, people, cases. */
export function Figures() {
  const { desk } = useDesk();
  const [days, setDays] = useState<number>(30);
  const [by, setBy] = useState<FigureSpan>('day');
  const [table, setTable] = useState<FigureTable>();
  const query = `from=${dayAgo(days - 1)}&to=${dayAgo(0)}&by=${by}`;
  useEffect(() => {
    void desk.attempt(async () => setTable(await read<FigureTable>(`figures?${query}`)));
  }, [query]);
  return (
    <main class="page figures">
      <header>
        <h2>数据</h2>
        <div class="filters">
          <select aria-label="时间范围" value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
            {stretches.map((stretch) => (
              <option key={stretch.days} value={stretch.days}>
                {stretch.label}
              </option>
            ))}
          </select>
          <select aria-label="汇总方式" value={by} onChange={({ currentTarget }) => setBy(currentTarget.value as FigureSpan)}>
            {Object.entries(spans).map(([span, label]) => (
              <option key={span} value={span}>
                {label}
              </option>
            ))}
          </select>
          <a class="button" href={`${api}/figures/sheet?${query}`} download="数据.csv">
            导出表格
          </a>
        </div>
      </header>
      {table ? <Shown table={table} /> : <p class="empty">正在读取…</p>}
    </main>
  );
}

function Shown({ table: { rows, topics, cases } }: { table: FigureTable }) {
  const total = sum(rows);
  return (
    <>
      <dl class="totals">
        <Total label="会话" value={String(total.conversations)} />
        <Total label="直接答上" value={share(total.answered, total.answered + total.suggested + total.unknown)} />
        <Total label="没答上的提问" value={String(total.misses)} />
        <Total label="转人工" value={String(total.handoffs)} />
        <Total label="首次响应（工作时间）" value={minutes(total.responseMinutes)} />
        <Total label="满意" value={share(total.ratings.good, total.ratings.good + total.ratings.fair + total.ratings.bad)} />
      </dl>
      <Chart
        days={rows.map(({ from }) => from)}
        series={[
          { label: '会话', colour: '#0e5b62', values: rows.map(({ conversations }) => conversations) },
          { label: '转人工', colour: '#c2701c', values: rows.map(({ handoffs }) => handoffs) },
          { label: '没答上', colour: '#7b8f93', values: rows.map(({ misses }) => misses) },
        ]}
      />
      <WideTable name="数据表">
        <table>
          <thead>
            <tr>
              {[
                '日期',
                '会话',
                '答上',
                '给选项',
                '没答上',
                '有用 / 没用',
                '转人工',
                '接待完 / 没接上',
                '等待',
                '首次响应',
                '解决',
                '满意 / 一般 / 不满意',
              ].map((label) => (
                <th key={label}>{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...rows].reverse().map((row) => (
              <tr key={row.from}>
                <td class="time">{row.from}</td>
                <td>{row.conversations}</td>
                <td>{row.answered}</td>
                <td>{row.suggested}</td>
                <td>{row.unknown}</td>
                <td>{`${row.useful} / ${row.notUseful}`}</td>
                <td>{row.handoffs}</td>
                <td>{`${row.completed} / ${row.failed}`}</td>
                <td>{minutes(row.waitMinutes)}</td>
                <td>{minutes(row.responseMinutes)}</td>
                <td>{minutes(row.resolutionMinutes)}</td>
                <td>{`${row.ratings.good} / ${row.ratings.fair} / ${row.ratings.bad}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      <div class="beside">
        <Counted title="问得最多" rows={topics.map(({ topic, question, count }) => ({ key: topic, name: question, count }))} />
        <Counted title="受理单" rows={cases.map(({ state, name, count }) => ({ key: state, name, count }))} />
      </div>
    </>
  );
}

function Total({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Counted({ title, rows }: { title: string; rows: readonly { key: string; name: string; count: number }[] }) {
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 ? (
        <p class="empty">还没有</p>
      ) : (
        <ol>
          {rows.map(({ key, name, count }) => (
            <li key={key}>
              <span>{name}</span>
              <b>{count}</b>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

type Summed = Pick<
  FigureRow,
  'conversations' | 'answered' | 'suggested' | 'unknown' | 'misses' | 'handoffs' | 'ratings' | 'responseMinutes'
>;

function sum(rows: readonly FigureRow[]): Summed {
  const all = (of: (row: FigureRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const responded = rows.filter(({ responseMinutes }) => responseMinutes !== undefined);
  const weight = responded.reduce((total, { handoffs }) => total + handoffs, 0);
  return {
    conversations: all((row) => row.conversations),
    answered: all((row) => row.answered),
    suggested: all((row) => row.suggested),
    unknown: all((row) => row.unknown),
    misses: all((row) => row.misses),
    handoffs: all((row) => row.handoffs),
    ratings: { good: all(({ ratings }) => ratings.good), fair: all(({ ratings }) => ratings.fair), bad: all(({ ratings }) => ratings.bad) },
    ...(weight > 0 && {
      responseMinutes: responded.reduce((total, { handoffs, responseMinutes = 0 }) => total + handoffs * responseMinutes, 0) / weight,
    }),
  };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '—' : `${Math.round((part / whole) * 100)}%`;
}

function minutes(value: number | undefined): string {
  if (value === undefined) return '—';
  return value < 1 ? '不到1分钟' : `${Math.round(value)}分钟`;
}

/** The day in China so many days ago. */
function dayAgo(days: number): string {
  return chinaDay(Date.now() - days * dayMs);
}
