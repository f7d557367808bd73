import { useEffect, useState } from 'preact/hooks';
import { caseStateLabels, filingTypeLabels } from '../../../dialogs/intake/wording.ts';
import type { CaseLine, CaseList, CaseQuery, Colleague } from '../../desk/desk-api.ts';
import { download, read, send } from './calls.ts';
import { useDesk, useNow } from './context.ts';
import { FullExportRequest } from './full-export-request.tsx';
import { provinceNames } from './provinces.ts';
import { caseAddress } from './route.ts';
import { dayAndClock, oneLine, plain } from './words.ts';

type Choices = Omit<CaseQuery, 'page'>;

const settledMs = 300;

/** All cases, and the choice among them. */
export function CaseListPage() {
  const { desk } = useDesk();
  const [query, setQuery] = useState<CaseQuery>(desk.caseQuery);
  const { page = 0, ...choices } = query;
  const [list, setList] = useState<CaseList | undefined>(undefined);
  const [colleagues, setColleagues] = useState<Colleague[]>([]);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    void desk.attempt(async () => setColleagues(await read<Colleague[]>('colleagues')));
  }, [desk]);
  useEffect(() => {
    desk.caseQuery = query;
    let isCurrent = true;
    const timer = setTimeout(
      () =>
        void desk.attempt(async () => {
          const found = await send<CaseList>('cases/search', query);
          // An answer that comes after a later choice is no longer wanted.
          if (isCurrent) setList(found);
        }),
      list ? settledMs : 0,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query]);
  const choose = (news: Choices) => setQuery(withoutEmpty({ ...choices, ...news }));
  return (
    <main class="page">
      <header>
        <h2>受理单 {list && <span class="quiet">共{list.total}张</span>}</h2>
        {desk.isSupervisor && (
          <div class="tools">
            <button
              type="button"
              disabled={!list?.total}
              onClick={() => void desk.attempt(() => download('cases/export', choices, '受理单.csv'))}
            >
              导出表格
            </button>
            <button type="button" disabled={!list?.total} onClick={() => setAsking(true)}>
              完整导出…
            </button>
          </div>
        )}
      </header>
      <Filters choices={choices} choose={choose} colleagues={colleagues} />
      <div class="table">
        <table>
          <thead>
            <tr>
              <th>受理编号</th>
              <th>主体</th>
              <th>业务</th>
              <th>状态</th>
              <th>省份</th>
              <th class="spare">提交时间</th>
              <th>最近更新</th>
              <th>经办人</th>
            </tr>
          </thead>
          <tbody>
            {list?.cases.map((each) => (
              <CaseRow key={each.number} line={each} />
            ))}
          </tbody>
        </table>
        {!list && <p class="empty">正在读取…</p>}
        {list?.cases.length === 0 && <p class="empty">没有符合条件的受理单</p>}
      </div>
      {asking && (
        <FullExportRequest
          filter={choices}
          total={list?.total ?? 0}
          worker={colleagues.find(({ id }) => id === choices.agent)?.name}
          close={() => setAsking(false)}
        />
      )}
      {list && <Pages page={page} of={Math.ceil(list.total / list.pageSize)} turn={(to) => setQuery({ ...choices, page: to })} />}
    </main>
  );
}

interface FiltersProps {
  choices: Choices;
  choose: (news: Choices) => void;
  colleagues: readonly Colleague[];
}

function Filters({ choices, choose, colleagues }: FiltersProps) {
  const { desk } = useDesk();
  const others = colleagues.filter(({ id }) => id !== desk.me?.id);
  return (
    <search class="filters">
      <input
        type="search"
        value={choices.search ?? ''}
        aria-label="找受理单"
        placeholder="编号、名称、域名，或完整的手机号、证件号"
        maxlength={100}
        onInput={({ currentTarget }) => choose({ search: currentTarget.value.trim() })}
      />
      <Choice
        label="状态"
        value={choices.state}
        options={Object.entries(caseStateLabels)}
        choose={(state) => choose({ state: state as keyof typeof caseStateLabels })}
      />
      <Choice
        label="业务"
        value={choices.type}
        options={Object.entries(filingTypeLabels)}
        choose={(type) => choose({ type: type as keyof typeof filingTypeLabels })}
      />
      <Choice label="省份" value={choices.province} options={provinceNames} choose={(province) => choose({ province })} />
      <Choice
        label="经办人"
        value={choices.agent}
        options={[[desk.me?.id ?? '', '我'], ['none', '还没有'], ...others.map(({ id, name }) => [id, oneLine(name)] as const)]}
        choose={(agent) => choose({ agent })}
      />
    </search>
  );
}

interface ChoiceProps {
  label: string;
  value: string | undefined;
  options: readonly (readonly [value: string, label: string])[];
  choose: (value: string) => void;
}

function Choice({ label, value = '', options, choose }: ChoiceProps) {
  return (
    <select value={value} aria-label={label} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      <option value="">{label}：全部</option>
      {options.map(([each, name]) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}

function CaseRow({ line }: { line: CaseLine }) {
  const now = useNow();
  const { number, filer, domainName, typeName, state, stateName, province = '', openedAt, changedAt, agent } = line;
  return (
    <tr>
      <td class="whole">
        <a href={caseAddress(number)}>{number}</a>
      </td>
      <td>
        <bdi>{oneLine(filer)}</bdi>
        {domainName && <bdi class="quiet domain">{oneLine(domainName)}</bdi>}
      </td>
      <td>{plain(typeName)}</td>
      <td>
        <span class={`tag ${needsUs.includes(state) ? 'strong' : ''}`}>{plain(stateName)}</span>
      </td>
      <td class="whole">{plain(province)}</td>
      <td class="time spare">{openedAt === undefined ? '－' : dayAndClock(openedAt, now)}</td>
      <td class="time">{dayAndClock(changedAt, now)}</td>
      <td>{agent ? <bdi>{oneLine(agent.name)}</bdi> : '－'}</td>
    </tr>
  );
}

/** The next step is the agency's. */
const needsUs: readonly string[] = ['ready', 'returned'];

function Pages({ page, of, turn }: { page: number; of: number; turn: (page: number) => void }) {
  if (of <= 1) return null;
  return (
    <nav class="turn" aria-label="翻页">
      <button type="button" disabled={page === 0} onClick={() => turn(page - 1)}>
        上一页
      </button>
      <span class="quiet">
        第{page + 1}页，共{of}页
      </span>
      <button type="button" disabled={page + 1 >= of} onClick={() => turn(page + 1)}>
        下一页
      </button>
    </nav>
  );
}

/** What is chosen as 全部 does not matter. */
function withoutEmpty(choices: Choices): Choices {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== '' && value !== undefined));
}
