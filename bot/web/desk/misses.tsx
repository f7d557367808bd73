import { useEffect, useState } from 'preact/hooks';
import type { MissCluster, Misses as MissesView, Settled } from '../../desk/desk-api.ts';
import { api, read, send } from './calls.ts';
import { useDesk, useNow } from './context.ts';
import { MissProposal } from './miss-proposal.tsx';
import { studyPatienceMs } from './miss-trial.tsx';
import { day, dayAndClock, oneLine, plain } from './words.ts';

const periods = [7, 30, 90, 366] as const;

/** What customers asked in vain, and what became of it. */
export function Misses() {
  const { desk } = useDesk();
  const [days, setDays] = useState<number>(30);
  const [misses, setMisses] = useState<MissesView | undefined>(undefined);
  const [chosen, choose] = useState<string | undefined>(undefined);
  const [looking, setLooking] = useState(false);
  const load = async () => {
    setLooking(true);
    await desk.attempt(async () => setMisses(await read<MissesView>(`misses?days=${days}`, studyPatienceMs)));
    setLooking(false);
  };
  useEffect(() => {
    void load();
  }, [days]);
  const clusters = misses?.clusters ?? [];
  const cluster = clusters.find((each) => nameOf(each) === chosen) ?? clusters[0];
  return (
    <main class="page misses">
      <header>
        <h2>没答上的问题</h2>
        <label class="period">
          <span class="unseen">时间</span>
          <select value={String(days)} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
            {periods.map((each) => (
              <option key={each} value={String(each)}>
                最近{each === 366 ? '一年' : `${each}天`}
              </option>
            ))}
          </select>
        </label>
      </header>
      <p class="quiet" role="status">
        {looking ? '正在归类，需要几秒…' : misses && summaryOf(misses)}
      </p>
      {misses && !misses.writable && <p class="problem">这台服务器上的知识库不能改写，只能试。要生效请改文件后重新部署。</p>}
      {cluster && misses && (
        <div class="misses-panes">
          <ClusterList clusters={clusters} chosen={cluster} choose={choose} />
          <MissProposal key={nameOf(cluster)} cluster={cluster} misses={misses} settled={load} />
        </div>
      )}
      {misses && misses.settled.length > 0 && (
        <>
          <h2>已处理</h2>
          <SettledTable settled={misses.settled} changed={load} />
        </>
      )}
    </main>
  );
}

function summaryOf({ clusters, answeredNow, leftOut }: MissesView): string {
  return [
    clusters.length === 0 ? '没有待处理的问题' : `${clusters.length}组待处理`,
    answeredNow > 0 && `另有${answeredNow}个问题现在已能答上`,
    leftOut > 0 && `还有${leftOut}个较早的问题没有列入，请缩短时间`,
  ]
    .filter(Boolean)
    .join('，');
}

function nameOf({ questions }: MissCluster): string {
  return questions[0]?.text ?? '';
}

interface ClusterListProps {
  clusters: readonly MissCluster[];
  chosen: MissCluster;
  choose: (name: string) => void;
}

function ClusterList({ clusters, chosen, choose }: ClusterListProps) {
  const now = useNow();
  return (
    <ul class="clusters" aria-label="问题分组">
      {clusters.map((cluster) => (
        <li key={nameOf(cluster)}>
          <button type="button" aria-current={cluster === chosen} onClick={() => choose(nameOf(cluster))}>
            <span class="cluster-title" dir="auto">
              {oneLine(nameOf(cluster))}
            </span>
            <span class="count">{cluster.count}次</span>
            <span class="quiet">
              {cluster.questions.length}种问法，{cluster.days}天，最近{day(cluster.lastAt, now)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const howNames: Record<Settled['how'], string> = { phrasings: '补充问法', draft: '新主题草稿', dismissed: '不处理' };

function SettledTable({ settled, changed }: { settled: readonly Settled[]; changed: () => Promise<void> }) {
  const { desk } = useDesk();
  const now = useNow();
  const [busy, setBusy] = useState('');
  const undo = async ({ id, title }: Settled) => {
    setBusy(id);
    const undone = await desk.attempt(() => send('misses/undo', { id }, studyPatienceMs));
    if (undone) desk.say(`已撤销：${oneLine(title)}`);
    setBusy('');
    await changed();
  };
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th>时间</th>
            <th>谁</th>
            <th>问题</th>
            <th>怎么处理</th>
            <th>
              <span class="unseen">操作</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {settled.map((each) => (
            <tr key={each.id}>
              <td class="time">{dayAndClock(each.at, now)}</td>
              <td>
                <bdi>{oneLine(each.by)}</bdi>
              </td>
              <td dir="auto">{plain(each.title)}</td>
              <td>
                <span class="tag">{howNames[each.how]}</span> <Details settled={each} />
              </td>
              <td class="deeds">
                <button
                  type="button"
                  class="small"
                  disabled={busy !== ''}
                  aria-label={`撤销：${oneLine(each.title)}`}
                  onClick={() => void undo(each)}
                >
                  {busy === each.id ? '正在撤销…' : '撤销'}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Details({ settled: { how, topicTitle, topic = '', phrasings = [], draft = '', why = '', inUse } }: { settled: Settled }) {
  switch (how) {
    case 'phrasings':
      return (
        <>
          {plain(topicTitle ?? topic)}：{phrasings.map(plain).join('、')}
          {inUse === false && <span class="tag strong">已不在知识库里</span>}
        </>
      );
    case 'draft':
      return <a href={`${api}/misses/drafts/${encodeURIComponent(draft)}`}>下载表格</a>;
    case 'dismissed':
      return <>{plain(why)}</>;
  }
}
