import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Entrance as Ways } from '../../desk/desk-api.ts';
import { api, Refused, read } from './calls.ts';
import type { Desk } from './desk.ts';
import { Problem } from './dialog.tsx';
import { explain } from './words.ts';

export const shortestPassword = 12;
/** The server takes no longer one. */
const longestPassword = 256;

export interface EntranceProps {
  desk: Desk;
}

export function SignIn({ desk }: EntranceProps) {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const factor = useSecondFactor();
  const { act, problem, busy } = useEntrance(signOnProblem());
  const enter = () => factor.asked((code) => desk.signIn({ login: login.trim(), password, ...(code !== undefined && { code }) }));
  if (factor.isAsked) {
    return (
      <Entrance key="code" title="两步验证" submit={() => act(enter)}>
        <SecondFactorFields factor={factor} problem={problem} />
        <button type="submit" class="primary" disabled={busy}>
          {busy ? '正在登录…' : '登录'}
        </button>
        <button type="button" class="plain" onClick={factor.leave}>
          换一个账号
        </button>
      </Entrance>
    );
  }
  return (
    <Entrance title="登录" submit={() => act(enter)}>
      {desk.me && <p class="hint">登录已过期。重新登录后，没发出的内容都还在。</p>}
      <label>
        账号
        <input
          name="login"
          value={login}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus
          onInput={({ currentTarget }) => setLogin(currentTarget.value)}
        />
      </label>
      <Password label="密码" value={password} set={setPassword} autocomplete="current-password" />
      {problem && <Problem>{problem}</Problem>}
      <button type="submit" class="primary" disabled={busy}>
        {busy ? '正在登录…' : '登录'}
      </button>
      <SignOn />
      <p class="hint">忘记密码，请让管理员发一个新的邀请链接。</p>
    </Entrance>
  );
}

/** The way over the agency's own accounts, where there is one. */
function SignOn() {
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    read<Ways>('entrance')
      .then(({ signOn }) => setOffered(signOn))
      // Then there is the password; that the server cannot be reached is told when it is sent.
      .catch(() => setOffered(false));
  }, []);
  if (!isOffered) return null;
  return (
    <a class="button sign-on" href={`${api}/sign-on`}>
      用公司账号登录
    </a>
  );
}

const signOnProblems: Record<string, string> = {
  failed: '公司账号登录没有成功，请再试一次',
  'no-account': '这个公司账号在工作台还没有开通，请联系管理员',
  unavailable: '公司账号系统暂时连不上，请稍后再试，或用密码登录',
  'not-confirmed': '公司账号验证的不是登录工作台的本人，请再试一次',
};

/** Why somebody came back from there without being signed in, or being confirmed. */
export function signOnProblem(): string {
  const reason = new URLSearchParams(location.hash.slice(1)).get('sign-on');
  return reason === null ? '' : (signOnProblems[reason] ?? '');
}

/** The first password of an account, or a new one, by the code of a link that is used once. */
export function Invitation({ desk, code, leave }: EntranceProps & { code: string; leave: () => void }) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const factor = useSecondFactor();
  const { act, problem, busy, fail } = useEntrance();
  const submit = () => {
    if ([...password].length < shortestPassword) return fail(`密码至少${shortestPassword}个字符`);
    if (password !== again) return fail('两次输入的密码不一样');
    act(async () => {
      const isIn = await factor.asked((secondFactor) =>
        desk.accept({ code, password, ...(secondFactor !== undefined && { secondFactor }) }),
      );
      if (isIn) leave();
    });
  };
  if (factor.isAsked) {
    return (
      <Entrance key="code" title="两步验证" submit={submit}>
        <SecondFactorFields factor={factor} problem={problem} />
        <button type="submit" class="primary" disabled={busy}>
          {busy ? '正在保存…' : '保存并登录'}
        </button>
      </Entrance>
    );
  }
  return (
    <Entrance title="设置密码" submit={submit}>
      <p class="hint">至少{shortestPassword}个字符。几个不相关的词连在一起，好记又安全。</p>
      <Password label="新密码" value={password} set={setPassword} autocomplete="new-password" />
      <Password label="再输入一次" value={again} set={setAgain} autocomplete="new-password" />
      {problem && <Problem>{problem}</Problem>}
      <button type="submit" class="primary" disabled={busy}>
        {busy ? '正在保存…' : '保存并登录'}
      </button>
      <button type="button" class="plain" onClick={leave}>
        已有密码，去登录
      </button>
    </Entrance>
  );
}

/** A code is asked for once the password was right; both are sent together then. */
function useSecondFactor() {
  const [code, setCode] = useState<string | undefined>(undefined);
  /** Says whether they are in. */
  const asked = async (enter: (code: string | undefined) => Promise<void>): Promise<boolean> => {
    try {
      await enter(code);
      return true;
    } catch (error) {
      const isNeeded = error instanceof Refused && error.code === 'SecondFactorNeeded';
      // One that was refused is of no use any more.
      if (isNeeded || code !== undefined) setCode('');
      if (!isNeeded) throw error;
      return false;
    }
  };
  return { code: code ?? '', setCode, isAsked: code !== undefined, asked, leave: () => setCode(undefined) };
}

function SecondFactorFields({ factor: { code, setCode }, problem }: { factor: ReturnType<typeof useSecondFactor>; problem: string }) {
  return (
    <>
      <p class="hint">请填手机验证器上的6位数字。手机不在身边，可以填一个恢复码；恢复码也没有，请管理员重置两步验证。</p>
      <CodeField value={code} set={setCode} />
      {problem && <Problem>{problem}</Problem>}
    </>
  );
}

export function Entrance({ title, submit, children }: { title: string; submit: () => void; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · 客服工作台`;
  }, [title]);
  return (
    <main class="entrance">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>客服工作台</h1>
        <h2>{title}</h2>
        {children}
      </form>
    </main>
  );
}

interface PasswordProps {
  label: string;
  value: string;
  set: (value: string) => void;
  autocomplete: 'current-password' | 'new-password';
}

export function Password({ label, value, set, autocomplete }: PasswordProps) {
  return (
    <label>
      {label}
      <input
        type="password"
        value={value}
        autocomplete={autocomplete}
        required
        maxlength={longestPassword}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  );
}

/** Of the phone, or a recovery code; asked for when the rest is done, so that it has the focus. */
export function CodeField({ value, set }: { value: string; set: (value: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <label>
      验证码
      <input
        ref={field}
        name="code"
        value={value}
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        required
        maxlength={60}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  );
}

/** One attempt to come in at a time. */
function useEntrance(before = '') {
  const [problem, fail] = useState(before);
  const [busy, setBusy] = useState(false);
  const act = (enter: () => Promise<unknown>) => {
    setBusy(true);
    fail('');
    enter()
      .catch((error: unknown) => fail(explain(error)))
      .finally(() => setBusy(false));
  };
  return { act, problem, busy, fail };
}
