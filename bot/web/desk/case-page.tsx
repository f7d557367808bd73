import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CaseView, Colleague } from '../../desk/desk-api.ts';
import { api, downloadFile, Refused, read, send } from './calls.ts';
import { PackageDialog } from './case-package.tsx';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk, useNow } from './context.ts';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Unscanned } from './unscanned.tsx';
import { Watermark } from './watermark.tsx';
import { dayAndClock, explain, oneLine, plain } from './words.ts';

type Item = Pick<CaseView['items'][number], 'field' | 'label'> & { value?: string };
type Asked = { kind: 'state' } | { kind: 'package' } | { kind: 'value'; item: Item } | { kind: 'reveal'; item: Item };

/** All that is known of one case, and what can be done with it. */
export function CasePage({ number }: { number: string }) {
  const { desk } = useDesk();
  const path = `cases/${encodeURIComponent(number)}`;
  const [view, setView] = useState<CaseView | undefined>(undefined);
  const [trouble, setTrouble] = useState('');
  const [asked, ask] = useState<Asked | undefined>(undefined);
  const load = async () => {
    try {
      setView(await read<CaseView>(path));
    } catch (error) {
      setTrouble(explain(error));
    }
  };
  useEffect(() => {
    void load();
  }, [path]);
  if (!view) {
    return (
      <main class="page">
        <Back />
        <p class="empty">{trouble || '正在读取…'}</p>
      </main>
    );
  }
  const close = () => ask(undefined);
  return (
    <main class="page case">
      <Back />
      <header>
        <h2>
          {view.number} <span class="tag">{plain(view.stateName)}</span>
        </h2>
        <div class="deeds">
          <Worker view={view} path={path} changed={setView} />
          {view.conversation !== undefined && <ToConversation conversation={view.conversation} />}
          {desk.isSupervisor && (
            <button type="button" onClick={() => ask({ kind: 'package' })}>
              生成备案资料包
            </button>
          )}
          <button type="button" class="primary" disabled={view.next.length === 0} onClick={() => ask({ kind: 'state' })}>
            更新状态
          </button>
        </div>
      </header>
      <div class="parts">
        <Items view={view} ask={ask} maySee={desk.isSupervisor} />
        <div>
          <Documents view={view} path={path} />
          <History view={view} />
          <Changes view={view} />
          <Deeds view={view} />
        </div>
      </div>
      {asked?.kind === 'state' && <StateDialog view={view} path={path} changed={setView} close={close} />}
      {asked?.kind === 'package' && <PackageDialog number={number} path={path} close={close} made={() => void load()} />}
      {asked?.kind === 'value' && <ValueDialog item={asked.item} path={path} changed={setView} close={close} />}
      {asked?.kind === 'reveal' && <RevealDialog item={asked.item} path={path} close={close} seen={() => void load()} />}
    </main>
  );
}

function Back() {
  return (
    <a class="back" href="#/cases">
      ← 全部受理单
    </a>
  );
}

function ToConversation({ conversation }: { conversation: string }) {
  const { desk } = useDesk();
  return (
    <button
      type="button"
      onClick={() => {
        desk.show(conversation);
        location.hash = '#/conversations';
      }}
    >
      <Icon name="reply" size={16} />
      打开会话
    </button>
  );
}

interface Changing {
  path: string;
  changed: (view: CaseView) => void;
}

function Worker({ view: { agent }, path, changed }: { view: CaseView } & Changing) {
  const { desk } = useDesk();
  const [colleagues, setColleagues] = useState<Colleague[]>(agent ? [agent] : []);
  useEffect(() => {
    void desk.attempt(async () => setColleagues(await read<Colleague[]>('colleagues')));
  }, [desk]);
  const assign = (to: string) => desk.attempt(async () => changed(await send<CaseView>(`${path}/agent`, to === '' ? {} : { to })));
  return (
    <label class="worker">
      经办人
      <select value={agent?.id ?? ''} onChange={({ currentTarget }) => void assign(currentTarget.value)}>
        <option value="">还没有</option>
        {colleagues.map(({ id, name }) => (
          <option key={id} value={id}>
            {id === desk.me?.id ? `${oneLine(name)}（我）` : oneLine(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Part({ title, aside, children }: { title: string; aside?: string; children: ComponentChildren }) {
  return (
    <section class="part" aria-label={title}>
      <h3>
        {title}
        {aside && <span class="quiet">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

function Items({ view, ask, maySee }: { view: CaseView; ask: (asked: Asked) => void; maySee: boolean }) {
  const { items, withheld, typeName } = view;
  return (
    <Part title="填写内容" aside={plain(typeName)}>
      <dl class="items">
        {items.map((item) => (
          <div key={item.field}>
            <dt>{plain(item.label)}</dt>
            <dd>
              <span dir="auto">{plain(item.value)}</span>
              <span class="tools">
                {item.covered && maySee && (
                  <button type="button" class="link" aria-label={`查看${item.label}`} onClick={() => ask({ kind: 'reveal', item })}>
                    查看
                  </button>
                )}
                <button type="button" class="link" aria-label={`更正${item.label}`} onClick={() => ask({ kind: 'value', item })}>
                  更正
                </button>
              </span>
            </dd>
          </div>
        ))}
        {withheld.map((item) => (
          <div key={item.field}>
            <dt>{plain(item.label)}</dt>
            <dd>
              <span class="quiet">客户不在线上填，请人工收集</span>
              <span class="tools">
                <button type="button" class="link" aria-label={`填写${item.label}`} onClick={() => ask({ kind: 'value', item })}>
                  填写
                </button>
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

/** Names only: opening one is on record, so none is opened before somebody wants to see it. */
function Documents({ view: { documents }, path }: { view: CaseView; path: string }) {
  const now = useNow();
  const { act, problem, busy } = useDeed(() => undefined);
  return (
    <Part title="材料" aside={documents.length > 0 ? '打开会留下记录' : ''}>
      {documents.length === 0 && <p class="quiet">还没有材料</p>}
      <ul class="documents">
        {documents.map(({ file, title, name, at, unscanned }) => (
          <li key={file}>
            <a
              class="file"
              href={`${api}/${path}/files/${encodeURIComponent(file)}`}
              download={oneLine(name) || oneLine(title)}
              onClick={(event) => {
                // The browser would keep silent about a file that is not given out.
                event.preventDefault();
                if (!busy) void act(() => downloadFile(`${path}/files/${encodeURIComponent(file)}`, oneLine(name) || oneLine(title)));
              }}
            >
              <Icon name="file" />
              <span>
                {plain(title)} <bdi class="quiet">{oneLine(name)}</bdi>
              </span>
            </a>
            <span class="quiet">
              {unscanned && <Unscanned />}
              {dayAndClock(at, now)}
            </span>
          </li>
        ))}
      </ul>
      {problem && <Problem>{problem}</Problem>}
    </Part>
  );
}

const sides = { customer: '客户', agency: '我们' };

function History({ view: { history } }: { view: CaseView }) {
  const now = useNow();
  return (
    <Part title="进度" aside="客户看得到">
      <ol class="timeline">
        {[...history].reverse().map(({ at, stateName, by, note }) => (
          <li key={`${at}${stateName}`}>
            <strong>{plain(stateName)}</strong>
            <span class="quiet">
              {dayAndClock(at, now)} · {sides[by]}
            </span>
            {note && <p dir="auto">{plain(note)}</p>}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Changes({ view: { changes } }: { view: CaseView }) {
  const now = useNow();
  if (changes.length === 0) return null;
  return (
    <Part title="提交后的改动">
      <ol class="timeline">
        {[...changes].reverse().map(({ at, by, label, from, to, said }, index) => (
          <li key={index}>
            <strong>{label ? plain(label) : '其他要求'}</strong>
            <span class="quiet">
              {dayAndClock(at, now)} · {sides[by]}
            </span>
            <p dir="auto">{said === undefined ? `${plain(from ?? '空')} → ${plain(to ?? '空')}` : plain(said)}</p>
          </li>
        ))}
      </ol>
    </Part>
  );
}

const deedNames: Record<CaseView['audit'][number]['did'], string> = {
  'set-state': '更新状态',
  correct: '更正',
  assign: '指派',
  reveal: '查看证件号码',
  'read-documents': '查看材料',
  disclose: '交出备案资料包',
  export: '完整导出（未遮盖）',
  erase: '删除资料',
};

function Deeds({ view: { audit } }: { view: CaseView }) {
  const now = useNow();
  if (audit.length === 0) return null;
  return (
    <Part title="操作记录" aside="客户看不到">
      <ol class="timeline">
        {[...audit].reverse().map(({ at, by, did, what }, index) => (
          <li key={index}>
            <strong>{deedNames[did]}</strong>
            <span class="quiet">
              {dayAndClock(at, now)} · <bdi>{oneLine(by)}</bdi>
            </span>
            {what && <p>{plain(what)}</p>}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function StateDialog({ view, path, changed, close }: { view: CaseView; close: () => void } & Changing) {
  const { act, problem, busy } = useDeed(close);
  const [state, setState] = useState<string>(view.next[0]?.state ?? '');
  const [note, setNote] = useState('');
  const save = async () => changed(await send<CaseView>(`${path}/state`, { state, ...(note.trim() && { note: note.trim() }) }));
  return (
    <Dialog title="更新状态" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        <p class="hint">现在：{plain(view.stateName)}。保存后自动通知客户。</p>
        <label>
          改为
          <select value={state} onChange={({ currentTarget }) => setState(currentTarget.value)}>
            {view.next.map((next) => (
              <option key={next.state} value={next.state}>
                {plain(next.name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          给客户的说明（可不填）
          <textarea rows={3} value={note} maxlength={1000} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="保存并通知客户" />
      </form>
    </Dialog>
  );
}

function ValueDialog({ item: { field, label, value: before = '' }, path, changed, close }: { item: Item; close: () => void } & Changing) {
  // What is covered with stars cannot be sent back as it is shown.
  const [value, setValue] = useState(before.includes('*') ? '' : before);
  /** What was probably meant is in doubt: sent again, it is taken as it was typed. */
  const [doubted, setDoubted] = useState('');
  const { act, problem, busy } = useDeed(close);
  const save = async () => {
    const typed = value.trim();
    try {
      changed(await send<CaseView>(`${path}/value`, { field, value: typed, ...(doubted === typed && { sure: true }) }));
    } catch (error) {
      setDoubted(error instanceof Refused && error.code === 'ValueToConfirm' ? typed : '');
      throw error;
    }
  };
  return (
    <Dialog title={`更正${plain(label)}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        <label>
          {plain(label)}
          <textarea rows={2} value={value} maxlength={2000} required onInput={({ currentTarget }) => setValue(currentTarget.value)} />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Actions
          close={close}
          busy={busy}
          word={doubted !== '' && doubted === value.trim() ? '没有写错，保存' : '保存'}
          disabled={value.trim() === ''}
        />
      </form>
    </Dialog>
  );
}

/** `seen`: that it was looked at stands in the record of the case. */
function RevealDialog({ item: { field, label }, path, close, seen }: { item: Item; path: string; close: () => void; seen: () => void }) {
  const [reason, setReason] = useState('');
  const [value, setValue] = useState<string | undefined>(undefined);
  const { act, problem, busy } = useDeed(() => undefined);
  const confirmation = useConfirmation();
  const reveal = async () => {
    const revealed = await confirmation.confirmed(() => send<{ value: string }>(`${path}/reveal`, { field, reason: reason.trim() }));
    setValue(revealed.value);
    seen();
  };
  if (value !== undefined) {
    return (
      <Dialog title={plain(label)} close={close}>
        <div class="watermarked">
          <p class="revealed">{plain(value)}</p>
          <p class="hint">已留下查看记录。关闭后不再显示。</p>
          <Watermark />
        </div>
        <div class="actions">
          <button type="button" class="primary" onClick={close}>
            关闭
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`查看${plain(label)}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(reveal);
        }}
      >
        <p class="hint">查看证件号码会留下记录：谁、什么时候、为什么。</p>
        <label>
          查看原因
          <input
            value={reason}
            minlength={2}
            maxlength={200}
            required
            placeholder="例如：报接入商时核对"
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page={path} />
        <Actions close={close} busy={busy} word="查看" disabled={reason.trim().length < 2} />
      </form>
    </Dialog>
  );
}
