import { useEffect, useState } from 'preact/hooks';
import { filingTypeLabels } from '../../../dialogs/intake/wording.ts';
import { type FilingType, filingTypes } from '../../../knowledge/filing/filing-case.ts';
import type { CannedReply, OpenSession } from '../../desk/desk-api.ts';
import { type Skill, skills, type Transfer } from '../../desk/desk-api.ts';
import { Refused, read, send } from './calls.ts';
import { type Question, useDesk, useNow } from './context.ts';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { provinceNames } from './provinces.ts';
import { SecondFactorDialog } from './second-factor.tsx';
import { keysInPlace, shortcuts } from './shortcuts.ts';
import { Password, shortestPassword } from './sign-in.tsx';
import type { Talk } from './talk.ts';
import { Watermark } from './watermark.tsx';
import { dayAndClock, oneLine, plain, skillNames } from './words.ts';

/** What stands in front of the desk. */
export function Questions({ question, close }: { question: Question; close: () => void }) {
  switch (question.kind) {
    case 'transfer':
      return <TransferDialog talk={question.talk} close={close} />;
    case 'complete':
      return <CompleteDialog talk={question.talk} close={close} />;
    case 'take-over':
      return <TakeOverDialog {...question} close={close} />;
    case 'begin':
      return <BeginDialog talk={question.talk} close={close} />;
    case 'item':
      return <ItemDialog {...question} close={close} />;
    case 'picture':
      return <PictureDialog {...question} close={close} />;
    case 'replies':
      return <RepliesDialog close={close} />;
    case 'devices':
      return <DevicesDialog close={close} />;
    case 'password':
      return <PasswordDialog close={close} />;
    case 'second-factor':
      return <SecondFactorDialog close={close} />;
    case 'keys':
      return <KeysDialog close={close} />;
  }
}

interface Closing {
  close: () => void;
}

function TransferDialog({ talk, close }: { talk: Talk } & Closing) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const agents = (desk.queue?.agents ?? []).filter(({ id }) => id !== desk.me?.id);
  const transfer = async () => {
    const [kind, name] = to.split(':');
    await send(`${talk.path}/transfer`, {
      ...(kind === 'agent' && { to: name }),
      ...(kind === 'skill' && { skill: name as Skill }),
      note: note.trim(),
    } satisfies Transfer);
    await talk.load();
    desk.say(`已转接${oneLine(talk.facts?.brief.customer ?? '')}`);
  };
  return (
    <Dialog title="转接会话" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(transfer);
        }}
      >
        <label>
          转给
          <select value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)}>
            <option value="">任何空闲的客服</option>
            <optgroup label="技能组">
              {skills.map((skill) => (
                <option key={skill} value={`skill:${skill}`}>
                  {skillNames[skill]}
                </option>
              ))}
            </optgroup>
            {agents.length > 0 && (
              <optgroup label="客服">
                {agents.map(({ id, name, available, conversations }) => (
                  <option key={id} value={`agent:${id}`}>
                    {oneLine(name)}（{available ? (conversations > 0 ? `在线，${conversations}个会话` : '在线，空闲') : '离开'}）
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </label>
        <label>
          交接说明
          <textarea
            rows={3}
            value={note}
            maxlength={500}
            placeholder="客户要什么、已经做到哪一步。客户看不到"
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
          />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="转接" />
      </form>
    </Dialog>
  );
}

function CompleteDialog({ talk, close }: { talk: Talk } & Closing) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const { pending, draft } = talk;
  const complete = async () => {
    await send(`${talk.path}/complete`);
    desk.close(talk.id);
    desk.say('会话已结束，交回机器人');
  };
  return (
    <Dialog title="结束会话" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(complete);
        }}
      >
        <p>结束后交回机器人，并请客户评价这次服务。</p>
        {pending.length > 0 && <Problem>还有消息没有发出，结束后不再发送。</Problem>}
        {draft.trim() !== '' && <Problem>输入框里还有没发送的内容。</Problem>}
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="结束并交回机器人" />
      </form>
    </Dialog>
  );
}

/** Takes it from whom it names and from nobody else, who may have come to it while the question stood there. */
function TakeOverDialog({ talk, from, close }: Extract<Question, { kind: 'take-over' }> & Closing) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const name = <bdi>{oneLine(from.name)}</bdi>;
  return (
    <Dialog title="接管会话" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => desk.takeOver(talk.id, from.id));
        }}
      >
        <p>
          {name}正在接待。接管后由您回复，{name}会收到提示，不能再回复；操作会有记录。
        </p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="接管" />
      </form>
    </Dialog>
  );
}

/** Of 广东省 the short name 广东, by which the list has it. */
function provinceIn(known: string): string {
  return provinceNames.find(([, name]) => known.startsWith(name))?.[1] ?? '';
}

function BeginDialog({ talk, close }: { talk: Talk } & Closing) {
  const { act, problem, busy } = useDeed(close);
  const [filingType, setFilingType] = useState<FilingType>('initial');
  const [province, setProvince] = useState(provinceIn(talk.facts?.brief.province ?? ''));
  const begin = async () => {
    await send(`${talk.path}/case`, { filingType, ...(province !== '' && { province }) });
    await talk.load();
  };
  return (
    <Dialog title="代开受理单" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(begin);
        }}
      >
        <label>
          业务
          <select value={filingType} onChange={({ currentTarget }) => setFilingType(currentTarget.value as FilingType)}>
            {filingTypes.map((type) => (
              <option key={type} value={type}>
                {filingTypeLabels[type]}
              </option>
            ))}
          </select>
        </label>
        <label>
          省份
          <select value={province} onChange={({ currentTarget }) => setProvince(currentTarget.value)}>
            <option value="">还不知道</option>
            {provinceNames.map(([code, name]) => (
              <option key={code} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p class="hint">结束会话后，机器人先请客户同意收集个人信息，再接着问。客户同意以前，姓名、电话、证件不能代填。</p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="开受理单" />
      </form>
    </Dialog>
  );
}

function ItemDialog({ talk, field, label, value: before, close }: Extract<Question, { kind: 'item' }> & Closing) {
  const { act, problem, busy } = useDeed(close);
  // What is covered with stars cannot be sent back as it is shown.
  const covered = before.includes('*');
  const [value, setValue] = useState(covered ? '' : before);
  const save = async () => {
    await send(`${talk.path}/form`, { field, value: value.trim() });
    await talk.load();
  };
  return (
    <Dialog title={before === '' ? `代填${label}` : `修改${label}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        {covered && <p class="hint">现在是 {plain(before)}，请输入完整的新内容。</p>}
        <label>
          {plain(label)}
          <textarea rows={2} value={value} maxlength={1000} required onInput={({ currentTarget }) => setValue(currentTarget.value)} />
        </label>
        <p class="hint">按客户原话填写即可，格式会自动检查。</p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="保存" disabled={value.trim() === ''} />
      </form>
    </Dialog>
  );
}

function PictureDialog({ address, name, close }: Extract<Question, { kind: 'picture' }> & Closing) {
  return (
    <Dialog title={name} close={close} size="photo">
      <div class="watermarked">
        <img src={address} alt={`图片：${name}`} />
        <Watermark />
      </div>
      <div class="actions">
        <a class="button" href={address} download={name}>
          下载
        </a>
      </div>
    </Dialog>
  );
}

function RepliesDialog({ close }: Closing) {
  const { desk } = useDesk();
  const [edited, edit] = useState<CannedReply | Omit<CannedReply, 'id'> | undefined>(undefined);
  useEffect(() => {
    void desk.loadReplies();
  }, [desk]);
  const { replies } = desk;
  if (edited) return <ReplyDialog reply={edited} close={() => edit(undefined)} />;
  return (
    <Dialog title="快捷回复" close={close} size="wide">
      {replies?.length === 0 && <p class="empty">还没有快捷回复</p>}
      <ul class="replies">
        {replies?.map((reply) => (
          <li key={reply.id}>
            <div>
              <strong>{oneLine(reply.title)}</strong>
              <p>{plain(reply.text)}</p>
            </div>
            <button type="button" class="small" aria-label={`修改${reply.title}`} onClick={() => edit(reply)}>
              修改
            </button>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" class="primary" onClick={() => edit({ title: '', text: '' })}>
          <Icon name="add" size={16} />
          新建
        </button>
      </div>
    </Dialog>
  );
}

function ReplyDialog({ reply, close }: { reply: CannedReply | Omit<CannedReply, 'id'> } & Closing) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const [title, setTitle] = useState(reply.title);
  const [text, setText] = useState(reply.text);
  const [removing, setRemoving] = useState(false);
  const id = 'id' in reply ? reply.id : undefined;
  const change = (path: string, body?: unknown) =>
    act(async () => {
      await send(path, body);
      await desk.loadReplies();
    });
  return (
    <Dialog title={id === undefined ? '新建快捷回复' : '修改快捷回复'} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change('replies', { ...(id !== undefined && { id }), title: title.trim(), text: text.trim() });
        }}
      >
        <label>
          标题
          <input value={title} maxlength={60} required onInput={({ currentTarget }) => setTitle(currentTarget.value)} />
        </label>
        <label>
          内容
          <textarea rows={5} value={text} maxlength={2000} required onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
        <p class="hint">
          可以写 <code>{'{customer}'}</code> 客户称呼、<code>{'{agent}'}</code> 客服姓名、<code>{'{case}'}</code> 受理编号，填入时自动替换。
        </p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="保存" disabled={title.trim() === '' || text.trim() === ''}>
          {id !== undefined && (
            <button
              type="button"
              class="danger"
              disabled={busy}
              onClick={() => (removing ? void change(`replies/${encodeURIComponent(id)}/remove`) : setRemoving(true))}
            >
              {removing ? '确定删除' : '删除'}
            </button>
          )}
        </Actions>
      </form>
    </Dialog>
  );
}

function DevicesDialog({ close }: Closing) {
  const { desk } = useDesk();
  return (
    <Dialog title="登录设备" close={close} size="wide">
      <Sessions account={desk.me?.id} />
    </Dialog>
  );
}

/** Where somebody is signed in; of one account, or of all. */
export function Sessions({ account }: { account?: string | undefined }) {
  const { desk } = useDesk();
  const now = useNow();
  const [sessions, setSessions] = useState<OpenSession[] | undefined>(undefined);
  const load = () => desk.attempt(async () => setSessions(await read<OpenSession[]>('sessions')));
  useEffect(() => {
    void load();
  }, [account]);
  const end = (id: string) =>
    desk.attempt(async () => {
      await send(`sessions/${encodeURIComponent(id)}/end`).catch((error: unknown) => {
        // Ended meanwhile, by itself or by somebody else: that is what was wanted.
        if (!(error instanceof Refused) || error.status !== 404) throw error;
      });
      await load();
    });
  const shown = sessions?.filter((session) => account === undefined || session.account === account);
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {account === undefined && <th>姓名</th>}
            <th>登录时间</th>
            <th>最近使用</th>
            <th>
              <span class="unseen">操作</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown?.map(({ id, name, startedAt, usedAt, own }) => (
            <tr key={id}>
              {account === undefined && (
                <td>
                  <bdi>{oneLine(name)}</bdi>
                </td>
              )}
              <td>{dayAndClock(startedAt, now)}</td>
              <td>{own ? '当前设备' : dayAndClock(usedAt, now)}</td>
              <td class="deeds">
                {!own && (
                  <button type="button" class="small" onClick={() => void end(id)}>
                    强制退出
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PasswordDialog({ close }: Closing) {
  const { desk } = useDesk();
  const { act, problem, busy, setProblem } = useDeed(close);
  const [password, setPassword] = useState('');
  const [renewed, setRenewed] = useState('');
  const [again, setAgain] = useState('');
  const change = async () => {
    await send('password', { password, renewed });
    desk.say('密码已修改，其他设备都已退出登录');
  };
  const submit = () => {
    if ([...renewed].length < shortestPassword) return setProblem(`密码至少${shortestPassword}个字符`);
    if (renewed !== again) return setProblem('两次输入的密码不一样');
    void act(change);
  };
  return (
    <Dialog title="修改密码" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Password label="现在的密码" value={password} set={setPassword} autocomplete="current-password" />
        <Password label="新密码" value={renewed} set={setRenewed} autocomplete="new-password" />
        <Password label="再输入一次" value={again} set={setAgain} autocomplete="new-password" />
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="修改" />
      </form>
    </Dialog>
  );
}

function KeysDialog({ close }: Closing) {
  const { desk } = useDesk();
  return (
    <Dialog title="键盘快捷键" close={close} size="wide">
      <dl class="key-list">
        {[...shortcuts.map(({ shown, does }) => [shown, does] as const), ...keysInPlace].map(([shown, does]) => (
          <div key={does + shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={desk.preferences.singleKeys}
          onChange={({ currentTarget }) => desk.prefer({ singleKeys: currentTarget.checked })}
        />
        不在输入框时，单个字母就能用；关掉后要同时按 Alt
      </label>
    </Dialog>
  );
}
