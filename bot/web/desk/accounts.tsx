import { useEffect, useState } from 'preact/hooks';
import { type Account, type AccountChange, type AccountDraft, type Invited, type Role, roles, skills } from '../../desk/desk-api.ts';
import { read, send } from './calls.ts';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk, useNow } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Sessions } from './questions.tsx';
import { day, oneLine, roleNames, skillNames } from './words.ts';

type Asked =
  | { kind: 'new' }
  | { kind: 'edit'; account: Account }
  | { kind: 'link'; invited: Invited }
  | { kind: 'again'; account: Account }
  | { kind: 'second-factor'; account: Account };

/** Who may come in, and what they may do. */
export function Accounts() {
  const { desk } = useDesk();
  const now = useNow();
  const [accounts, setAccounts] = useState<Account[] | undefined>(undefined);
  const [asked, ask] = useState<Asked | undefined>(undefined);
  const load = () => desk.attempt(async () => setAccounts(await read<Account[]>('accounts')));
  useEffect(() => {
    void load();
  }, []);
  const close = () => {
    ask(undefined);
    void load();
  };
  return (
    <main class="page">
      <header>
        <h2>账号</h2>
        <button type="button" class="primary" onClick={() => ask({ kind: 'new' })}>
          <Icon name="add" size={16} />
          新建账号
        </button>
      </header>
      <div class="table">
        <table>
          <thead>
            <tr>
              <th>姓名</th>
              <th>账号</th>
              <th>角色</th>
              <th>技能</th>
              <th>状态</th>
              <th>建立日期</th>
              <th>
                <span class="unseen">操作</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {accounts?.map((account) => (
              <tr key={account.id} class={account.active ? '' : 'inactive'}>
                <td>
                  <bdi>{oneLine(account.name)}</bdi>
                </td>
                <td>
                  <bdi>{oneLine(account.login)}</bdi>
                </td>
                <td>{roleNames[account.role]}</td>
                <td>{account.skills.map((skill) => skillNames[skill]).join('、') || '－'}</td>
                <td>
                  <span class={`tag ${account.active && account.hasPassword ? '' : 'strong'}`}>{stateOf(account)}</span>
                </td>
                <td>{day(account.createdAt, now)}</td>
                <td class="deeds">
                  <button type="button" class="small" aria-label={`修改${account.name}`} onClick={() => ask({ kind: 'edit', account })}>
                    修改
                  </button>
                  <button
                    type="button"
                    class="small"
                    disabled={!account.active}
                    aria-label={`重设密码：${account.name}`}
                    onClick={() => ask({ kind: 'again', account })}
                  >
                    重设密码
                  </button>
                  {account.hasSecondFactor && (
                    <button
                      type="button"
                      class="small"
                      aria-label={`重置两步验证：${account.name}`}
                      onClick={() => ask({ kind: 'second-factor', account })}
                    >
                      重置两步验证
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {!accounts && <p class="empty">正在读取…</p>}
      </div>
      <h2>登录设备</h2>
      <Sessions />
      {asked?.kind === 'new' && <NewAccount invited={(invited) => ask({ kind: 'link', invited })} close={close} />}
      {asked?.kind === 'edit' && <EditAccount account={asked.account} close={close} />}
      {asked?.kind === 'again' && <NewLink account={asked.account} invited={(invited) => ask({ kind: 'link', invited })} close={close} />}
      {asked?.kind === 'second-factor' && <ResetSecondFactor account={asked.account} close={close} />}
      {asked?.kind === 'link' && <Link invited={asked.invited} close={close} />}
    </main>
  );
}

function stateOf({ active, hasPassword }: Account): string {
  if (!active) return '已停用';
  return hasPassword ? '正常' : '待设密码';
}

function NewAccount({ invited, close }: { invited: (invited: Invited) => void; close: () => void }) {
  const { act, problem, busy } = useDeed(() => undefined);
  const [draft, setDraft] = useState<AccountDraft>({ login: '', name: '', role: 'agent', skills: [] });
  return (
    <Dialog title="新建账号" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const account = { ...draft, login: draft.login.trim(), name: draft.name.trim() };
          void act(async () => invited(await send<Invited>('accounts', account)));
        }}
      >
        <label>
          账号
          <input
            value={draft.login}
            maxlength={64}
            pattern="[A-Za-z0-9][A-Za-z0-9._@+\-]+"
            title="字母、数字和 . _ @ + -，至少2个"
            required
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            onInput={({ currentTarget }) => setDraft({ ...draft, login: currentTarget.value })}
          />
        </label>
        <Details value={draft} set={(news) => setDraft({ ...draft, ...news })} />
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="建立并生成邀请链接" />
      </form>
    </Dialog>
  );
}

function EditAccount({ account, close }: { account: Account; close: () => void }) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const { name, role, skills: known, active, id } = account;
  const [change, setChange] = useState({ name, role, skills: known, active });
  const own = id === desk.me?.id;
  return (
    <Dialog title={`修改${oneLine(name)}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const changed = { ...change, name: change.name.trim() } satisfies AccountChange;
          void act(() => send(`accounts/${encodeURIComponent(id)}`, changed));
        }}
      >
        <Details value={change} set={(news) => setChange({ ...change, ...news })} roleFixed={own} />
        {!own && (
          <label class="check">
            <input
              type="checkbox"
              checked={change.active}
              onChange={({ currentTarget }) => setChange({ ...change, active: currentTarget.checked })}
            />
            可以登录（取消后立即退出所有设备）
          </label>
        )}
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="保存" />
      </form>
    </Dialog>
  );
}

type Changing = Pick<AccountDraft, 'name' | 'role' | 'skills'>;

interface DetailsProps {
  value: Changing;
  set: (news: Partial<Changing>) => void;
  /** Nobody takes away their own rights by mistake. */
  roleFixed?: boolean;
}

function Details({ value, set, roleFixed = false }: DetailsProps) {
  return (
    <>
      <label>
        姓名（客户看得到）
        <input value={value.name} maxlength={40} required onInput={({ currentTarget }) => set({ name: currentTarget.value })} />
      </label>
      <label>
        角色
        <select value={value.role} disabled={roleFixed} onChange={({ currentTarget }) => set({ role: currentTarget.value as Role })}>
          {roles.map((role) => (
            <option key={role} value={role}>
              {roleNames[role]}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>技能</legend>
        {skills.map((skill) => (
          <label key={skill} class="check">
            <input
              type="checkbox"
              checked={value.skills.includes(skill)}
              onChange={({ currentTarget: { checked } }) =>
                set({ skills: skills.filter((each) => (each === skill ? checked : value.skills.includes(each))) })
              }
            />
            {skillNames[skill]}
          </label>
        ))}
      </fieldset>
    </>
  );
}

interface NewLinkProps {
  account: Account;
  invited: (invited: Invited) => void;
  close: () => void;
}

function NewLink({ account, invited, close }: NewLinkProps) {
  const { act, problem, busy } = useDeed(() => undefined);
  return (
    <Dialog title="重设密码" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => invited(await send<Invited>(`accounts/${encodeURIComponent(account.id)}/invitation`)));
        }}
      >
        <p>
          给<bdi>{oneLine(account.name)}</bdi>生成新的邀请链接。旧密码立即失效，所有设备退出登录。
        </p>
        {problem && <Problem>{problem}</Problem>}
        <Actions close={close} busy={busy} word="生成链接" />
      </form>
    </Dialog>
  );
}

function ResetSecondFactor({ account: { id, name }, close }: { account: Account; close: () => void }) {
  const { act, problem, busy } = useDeed(close);
  const confirmation = useConfirmation();
  const reset = () => confirmation.confirmed(() => send(`accounts/${encodeURIComponent(id)}/second-factor/remove`));
  return (
    <Dialog title="重置两步验证" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(reset);
        }}
      >
        <p>
          <bdi>{oneLine(name)}</bdi>
          的手机和恢复码都不在了，才需要重置：请先确认是本人提出的。原来的验证码和恢复码立即失效，所有设备退出登录。
        </p>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page="accounts" />
        <Actions close={close} busy={busy} word="重置" />
      </form>
    </Dialog>
  );
}

function Link({ invited: { account, link }, close }: { invited: Invited; close: () => void }) {
  const address = new URL(link, location.href).href;
  return (
    <Dialog title="邀请链接" close={close}>
      <p>
        请发给<bdi>{oneLine(account.name)}</bdi>本人。链接只显示这一次，24小时内有效，只能用一次。
      </p>
      <label>
        链接
        <input readOnly value={address} onFocus={({ currentTarget }) => currentTarget.select()} />
      </label>
      <div class="actions">
        <button type="button" onClick={close}>
          关闭
        </button>
        <CopyButton text={address} word="复制" class="primary" />
      </div>
    </Dialog>
  );
}
