import { useEffect, useState } from 'preact/hooks';
import type { FullExportFetched, FullExportLine, FullExportList, FullExportState } from '../../desk/desk-api.ts';
import { download, read, send } from './calls.ts';
import { filterText } from './case-filter.ts';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk, useNow } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { dayAndClock, explain, oneLine } from './words.ts';

const page = 'exports';
/** A thousand cases over a slow line. */
const patienceMs = 5 * 60_000;

export const nobodyElse = '完整导出要由另一位主管同意，现在主管只有您一位。请管理员给另一位同事开通主管账号，再来申请。';

type Asked = { kind: 'grant' | 'refuse' | 'withdraw' | 'fetch'; line: FullExportLine } | { kind: 'password' };

interface Fetched extends FullExportFetched {
  id: string;
  /** How far the file is; otherwise, why there is none. */
  file: 'coming' | 'there' | { trouble: string };
}

/** Who wants cases with nothing covered, what became of it, and what there is to do about it. */
export function FullExports() {
  const { desk } = useDesk();
  const [list, setList] = useState<FullExportList | undefined>(undefined);
  const [asked, ask] = useState<Asked | undefined>(undefined);
  /** The password is nowhere else: it can be looked at again until the page is left. */
  const [fetched, setFetched] = useState<Fetched | undefined>(undefined);
  const load = () => desk.attempt(async () => setList(await read<FullExportList>('full-exports')));
  const standing = JSON.stringify(desk.queue?.fullExports);
  useEffect(() => {
    void load();
  }, [standing]);
  const close = () => {
    ask(undefined);
    void load();
  };
  const got = async (id: string, taken: FullExportFetched) => {
    setFetched({ id, ...taken, file: 'coming' });
    ask({ kind: 'password' });
    void load();
    try {
      await download(`full-exports/${id}/file`, { ticket: taken.ticket }, '受理单完整导出.zip', patienceMs);
      setFetched({ id, ...taken, file: 'there' });
    } catch (error) {
      setFetched({ id, ...taken, file: { trouble: explain(error) } });
    }
  };
  return (
    <main class="page">
      <header>
        <h2>
          完整导出 <span class="quiet">内容不遮盖，要两位主管经手</span>
        </h2>
      </header>
      {list?.others === 0 && <p class="part">{nobodyElse}</p>}
      {!list && <p class="empty">正在读取…</p>}
      {list?.exports.length === 0 && (
        <p class="empty">
          现在没有申请。要申请，请在<a href="#/cases">受理单</a>里筛选，再点“完整导出…”
        </p>
      )}
      <ul class="exports">
        {inOrder(list?.exports ?? []).map((line) => (
          <Card key={line.id} line={line} ask={ask} hasPassword={fetched?.id === line.id} />
        ))}
      </ul>
      {asked?.kind === 'grant' && <GrantDialog line={asked.line} close={close} />}
      {asked?.kind === 'refuse' && <RefuseDialog line={asked.line} close={close} />}
      {asked?.kind === 'withdraw' && <WithdrawDialog line={asked.line} close={close} />}
      {asked?.kind === 'fetch' && <FetchDialog line={asked.line} got={got} close={close} />}
      {asked?.kind === 'password' && fetched && <PasswordDialog fetched={fetched} close={() => ask(undefined)} />}
    </main>
  );
}

const stateNames: Record<FullExportState, string> = { asked: '等待同意', granted: '已同意，待下载', refused: '已拒绝', fetched: '已下载' };

/** What is to be decided or fetched first. */
function inOrder(lines: readonly FullExportLine[]): FullExportLine[] {
  return [...lines].sort((a, b) => Number(isOver(a)) - Number(isOver(b)));
}

const isOver = ({ state }: FullExportLine) => state === 'refused' || state === 'fetched';

interface CardProps {
  line: FullExportLine;
  ask: (asked: Asked) => void;
  /** It was fetched on this page. */
  hasPassword: boolean;
}

function Card({ line, ask, hasPassword }: CardProps) {
  const now = useNow();
  const { by, mine, at, cases, state, decided } = line;
  const open = !isOver(line);
  return (
    <li class="part">
      <h3>
        <span>
          <bdi>{oneLine(by)}</bdi>
          {mine && '（我）'}申请导出{cases}张
        </span>
        <span class={`tag ${open ? 'strong' : ''}`}>{stateNames[state]}</span>
      </h3>
      <Facts line={line} />
      <p class="quiet">
        {dayAndClock(at, now)}申请
        {decided && (
          <>
            ，{dayAndClock(decided.at, now)}由<bdi>{oneLine(decided.by)}</bdi>
            {state === 'refused' ? '拒绝' : '同意'}
          </>
        )}
        {state === 'asked' && `，${dayAndClock(line.until, now)}前没有人同意就失效`}
        {state === 'granted' && `，请申请人在${dayAndClock(line.until, now)}前下载`}
      </p>
      <div class="actions">
        {!mine && state === 'asked' && (
          <button type="button" aria-label={`拒绝${by}的申请`} onClick={() => ask({ kind: 'refuse', line })}>
            拒绝
          </button>
        )}
        {!mine && state === 'asked' && (
          <button type="button" class="primary" aria-label={`同意${by}的申请`} onClick={() => ask({ kind: 'grant', line })}>
            同意
          </button>
        )}
        {mine && open && (
          <button type="button" onClick={() => ask({ kind: 'withdraw', line })}>
            撤回
          </button>
        )}
        {mine && state === 'granted' && (
          <button type="button" class="primary" onClick={() => ask({ kind: 'fetch', line })}>
            下载
          </button>
        )}
        {hasPassword && (
          <button type="button" onClick={() => ask({ kind: 'password' })}>
            再看一次密码
          </button>
        )}
      </div>
    </li>
  );
}

function Facts({ line: { filter, worker, reason, decided } }: { line: FullExportLine }) {
  return (
    <dl class="contents">
      <dt>范围</dt>
      <dd>{filterText(filter, worker)}</dd>
      <dt>理由</dt>
      <dd dir="auto">{oneLine(reason)}</dd>
      {decided?.why !== undefined && <dt>拒绝的原因</dt>}
      {decided?.why !== undefined && <dd dir="auto">{oneLine(decided.why)}</dd>}
    </dl>
  );
}

interface DecisionProps {
  line: FullExportLine;
  close: () => void;
}

function GrantDialog({ line, close }: DecisionProps) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const confirmation = useConfirmation();
  const grant = async () => {
    await confirmation.confirmed(() => send(`full-exports/${line.id}/grant`));
    desk.say('已同意，申请人可以下载了');
  };
  return (
    <Dialog title="同意完整导出" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(grant);
        }}
      >
        <p>
          <bdi>{oneLine(line.by)}</bdi>将得到{line.cases}张受理单的全部内容，证件号码不遮盖。请先确认理由属实、范围必要。
        </p>
        <Facts line={line} />
        <p class="hint">同意后30分钟内，由申请人本人下载一次。您的同意会记入操作记录。</p>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page={page} />
        <Actions close={close} busy={busy} word="同意" />
      </form>
    </Dialog>
  );
}

function RefuseDialog({ line, close }: DecisionProps) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const [why, setWhy] = useState('');
  const refuse = async () => {
    await send(`full-exports/${line.id}/refuse`, why.trim() === '' ? {} : { why: why.trim() });
    desk.say('已拒绝');
  };
  return (
    <Dialog title="拒绝完整导出" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(refuse);
        }}
      >
        <label>
          原因（可不填，申请人看得到）
          <input value={why} minlength={2} maxlength={200} onInput={({ currentTarget }) => setWhy(currentTarget.value)} />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="拒绝" />
      </form>
    </Dialog>
  );
}

function WithdrawDialog({ line, close }: DecisionProps) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const withdraw = async () => {
    await send(`full-exports/${line.id}/withdraw`);
    desk.say('申请已撤回');
  };
  return (
    <Dialog title="撤回申请" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(withdraw);
        }}
      >
        <p>撤回后不能再下载。需要时可以重新申请。</p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="撤回" />
      </form>
    </Dialog>
  );
}

interface FetchProps extends DecisionProps {
  got: (id: string, fetched: FullExportFetched) => Promise<void>;
}

function FetchDialog({ line: { id, cases }, got, close }: FetchProps) {
  const { act, problem, busy } = useDeed(() => undefined);
  const confirmation = useConfirmation();
  const take = async () => {
    const fetched = await confirmation.confirmed(() => send<FullExportFetched>(`full-exports/${id}/fetch`));
    void got(id, fetched);
  };
  return (
    <Dialog title="下载完整导出" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(take);
        }}
      >
        <p>下载{cases}张受理单的全部内容。只能下载一次，文件用密码加密，密码随后显示。</p>
        <p class="hint">每张受理单的操作记录里都会留下这次导出。</p>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page={page} />
        <Actions close={close} busy={busy} word="下载" />
      </form>
    </Dialog>
  );
}

function PasswordDialog({ fetched: { password, cases, gone, file }, close }: { fetched: Fetched; close: () => void }) {
  return (
    <Dialog title="文件的密码" close={close}>
      <p class="revealed">{password}</p>
      <p>密码只在这里显示，离开本页就看不到了。请和文件分开保存，不要发在同一个地方。</p>
      <p class="hint">
        文件里有{cases}张受理单。{gone > 0 && `另有${gone}张在申请之后被删除，不在文件里。`}
        Windows自带的解压打不开，请用7-Zip、WinRAR或Bandizip。
      </p>
      <p role="status">{file === 'coming' ? '正在下载…' : file === 'there' && '文件已下载'}</p>
      {typeof file === 'object' && <Problem>{`文件没有下载成功：${file.trouble}。请重新申请。`}</Problem>}
      <div class="actions">
        <button type="button" onClick={close}>
          关闭
        </button>
        <CopyButton text={password} word="复制密码" class="primary" />
      </div>
    </Dialog>
  );
}
