import { useEffect, useState } from 'preact/hooks';
import type { OwnAccount, RecoveryCodes, SecondFactorDraft } from '../../desk/desk-api.ts';
import { read, send } from './calls.ts';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk } from './context.ts';
import { CopyButton } from './copy-button.tsx';
import { useDeed } from './deed.ts';
import type { Desk } from './desk.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { QrCode } from './qr-code.tsx';
import { CodeField, Entrance } from './sign-in.tsx';

/** Shows the secret, then takes a code of the phone, then shows the recovery codes. */
function useSetUp() {
  const [draft, setDraft] = useState<SecondFactorDraft | undefined>(undefined);
  const [code, setCode] = useState('');
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | undefined>(undefined);
  const { act, problem, busy } = useDeed(() => undefined);
  const confirmation = useConfirmation();
  const begin = () => act(() => confirmation.confirmed(async () => setDraft(await send<SecondFactorDraft>('second-factor/begin'))));
  const set = () => act(async () => setRecoveryCodes((await send<RecoveryCodes>('second-factor', { code })).recoveryCodes));
  useEffect(() => {
    void begin();
  }, []);
  return { draft, code, setCode, recoveryCodes, problem, busy, confirmation, submit: () => void (draft ? set() : begin()) };
}

function SetUpFields({ setUp: { draft, code, setCode, problem, confirmation } }: { setUp: ReturnType<typeof useSetUp> }) {
  return (
    <>
      {draft && (
        <>
          <p class="hint">用手机上的验证器扫这个二维码（腾讯身份验证器小程序、Microsoft Authenticator 等都可以），再填它显示的6位数字。</p>
          <QrCode text={draft.address} label="两步验证二维码" />
          <p class="hint">
            扫不了码时，手工输入密钥：<code class="secret">{draft.secret.match(/.{1,4}/g)?.join(' ')}</code>
          </p>
          <CodeField value={code} set={setCode} />
        </>
      )}
      {problem && <Problem>{problem}</Problem>}
      <Confirmation confirmation={confirmation} page="conversations" />
    </>
  );
}

function SavedCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <p class="hint">两步验证已开启。手机不在身边时，用恢复码代替验证码，每个只能用一次。恢复码只显示这一次，请打印或存到安全的地方。</p>
      <ul class="recovery-codes" aria-label="恢复码">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} word="复制" otherwise="请手动抄下" class="small" />
    </>
  );
}

/** In place of the desk, for who may not do without. */
export function RequiredSecondFactor({ desk }: { desk: Desk }) {
  const setUp = useSetUp();
  const { recoveryCodes, draft, busy } = setUp;
  return (
    <Entrance title="设置两步验证" submit={() => (recoveryCodes ? void desk.begin() : setUp.submit())}>
      {recoveryCodes ? (
        <>
          <SavedCodes codes={recoveryCodes} />
          <button type="submit" class="primary">
            已保存好，进入工作台
          </button>
        </>
      ) : (
        <>
          <p class="hint">您的角色登录时，除了密码还要验证手机。</p>
          <SetUpFields setUp={setUp} />
          <button type="submit" class="primary" disabled={busy}>
            {draft ? '开启' : '继续'}
          </button>
          <button type="button" class="plain" onClick={() => void desk.attempt(() => desk.signOut())}>
            退出登录
          </button>
        </>
      )}
    </Entrance>
  );
}

/** For who is at the desk: whether it is set up, and how many codes are left. */
export function SecondFactorDialog({ close }: { close: () => void }) {
  const [own, setOwn] = useState<OwnAccount | undefined>(undefined);
  const [step, setStep] = useState<'look' | 'set-up' | 'remove'>('look');
  const { desk } = useDesk();
  useEffect(() => {
    void desk.attempt(async () => setOwn(await read<OwnAccount>('session')));
  }, []);
  if (step === 'set-up') return <SetUpDialog close={close} />;
  if (step === 'remove') return <RemoveDialog close={close} />;
  const isSet = own?.secondFactor === 'set';
  return (
    <Dialog title="两步验证" close={close}>
      {own && (
        <>
          <p>
            {isSet
              ? `已开启。登录时除了密码，还要填手机上的验证码。恢复码还剩${own.recoveryCodesLeft ?? 0}个。`
              : '未开启。开启后，登录时除了密码，还要填手机上的验证码。'}
          </p>
          {isSet && <p class="hint">换了手机，或恢复码快用完了，请重新设置。</p>}
          <div class="actions">
            {isSet && (
              <button type="button" class="danger" onClick={() => setStep('remove')}>
                关闭两步验证
              </button>
            )}
            <button type="button" class="primary" onClick={() => setStep('set-up')}>
              {isSet ? '重新设置' : '开启'}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function SetUpDialog({ close }: { close: () => void }) {
  const setUp = useSetUp();
  const { recoveryCodes, draft, busy } = setUp;
  if (recoveryCodes) {
    return (
      <Dialog title="恢复码" close={close}>
        <SavedCodes codes={recoveryCodes} />
        <div class="actions">
          <button type="button" class="primary" onClick={close}>
            已保存好
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="设置两步验证" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setUp.submit();
        }}
      >
        <SetUpFields setUp={setUp} />
        <Actions close={close} busy={busy} word={draft ? '开启' : '继续'} />
      </form>
    </Dialog>
  );
}

function RemoveDialog({ close }: { close: () => void }) {
  const { desk } = useDesk();
  const { act, problem, busy } = useDeed(close);
  const confirmation = useConfirmation();
  const remove = async () => {
    await confirmation.confirmed(() => send('second-factor/remove'));
    desk.say('两步验证已关闭');
  };
  return (
    <Dialog title="关闭两步验证" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(remove);
        }}
      >
        <p>关闭后，只凭密码就能登录。现在的恢复码全部作废。</p>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page="conversations" />
        <Actions close={close} busy={busy} word="关闭" />
      </form>
    </Dialog>
  );
}
