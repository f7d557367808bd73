import { useEffect, useState } from 'preact/hooks';
import type { PackageOrder, PackagePlan } from '../../desk/desk-api.ts';
import { download, read } from './calls.ts';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk, useNow } from './context.ts';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { Unscanned } from './unscanned.tsx';
import { consentNames, consentText, dayAndClock, explain, oneLine, plain } from './words.ts';

const usualPurpose = '代为提交ICP备案';
/** Photos of a whole case over a slow line. */
const patienceMs = 5 * 60_000;

export interface PackageDialogProps {
  number: string;
  path: string;
  close: () => void;
  /** It stands in the record of the case. */
  made: () => void;
}

/** Hands a case to its access provider: shows what goes out, and to whom, before it does. */
export function PackageDialog({ number, path, close, made }: PackageDialogProps) {
  const [plan, setPlan] = useState<PackagePlan | undefined>(undefined);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    read<PackagePlan>(`${path}/package`).then(setPlan, (error: unknown) => setTrouble(explain(error)));
  }, [path]);
  if (plan) return <PackageForm plan={plan} number={number} path={path} close={close} made={made} />;
  return (
    <Dialog title="生成备案资料包" close={close}>
      {trouble ? <Problem>{trouble}</Problem> : <p class="empty">正在读取…</p>}
    </Dialog>
  );
}

function PackageForm({ plan, number, path, close, made }: PackageDialogProps & { plan: PackagePlan }) {
  const { desk } = useDesk();
  const [recipient, setRecipient] = useState(plan.recipient);
  const [purpose, setPurpose] = useState(usualPurpose);
  const { act, problem, busy } = useDeed(close);
  const confirmation = useConfirmation();
  const order: PackageOrder = { recipient: recipient.trim(), purpose: purpose.trim(), digest: plan.digest };
  const make = async () => {
    await confirmation.confirmed(() => download(`${path}/package`, order, `备案资料包-${number}.zip`, patienceMs));
    desk.say('资料包已下载，并记入交付台账');
    made();
  };
  return (
    <Dialog title="生成备案资料包" close={close} size="wide">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(make);
        }}
      >
        <p class="hint">资料包供接入商提交备案用，证件号码不遮盖。谁、什么时候、交给谁、交了哪些内容，都会记入交付台账。</p>
        <label>
          接收方（接入服务商名称）
          <input
            value={recipient}
            minlength={2}
            maxlength={100}
            required
            placeholder="例如：某某云计算有限公司"
            onInput={({ currentTarget }) => setRecipient(currentTarget.value)}
          />
        </label>
        {isOtherThan(plan.recipient, order.recipient) && (
          <p class="hint">客户填的接入商是“{oneLine(plan.recipient)}”。交给别家之前，请先征得客户同意。</p>
        )}
        <label>
          用途
          <input value={purpose} minlength={2} maxlength={200} required onInput={({ currentTarget }) => setPurpose(currentTarget.value)} />
        </label>
        <Contents plan={plan} />
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page={path} />
        <Actions close={close} busy={busy} word="生成并下载" disabled={order.recipient.length < 2 || order.purpose.length < 2} />
      </form>
    </Dialog>
  );
}

function Contents({ plan: { fields, documents, missing, consents, notConsented, earlier } }: { plan: PackagePlan }) {
  const now = useNow();
  return (
    <dl class="contents">
      <dt>交出的内容（{fields.length}项）</dt>
      <dd>{fields.map(({ label, covered }) => (covered ? `${plain(label)}（不遮盖）` : plain(label))).join('、')}</dd>
      <dt>交出的材料（{documents.length}份）</dt>
      <dd>
        {documents.map(({ name, unscanned }, at) => (
          <span key={name}>
            {at > 0 && '、'}
            {oneLine(name)} {unscanned && <Unscanned />}
          </span>
        ))}
        {documents.length === 0 && '没有'}
      </dd>
      {missing.length > 0 && <dt>通常还需要</dt>}
      {missing.length > 0 && <dd>{missing.map(plain).join('、')}</dd>}
      <dt>客户的同意</dt>
      <dd>
        {consents.map((consent) => (
          <p key={consent.purpose}>{consentText(consent, now)}</p>
        ))}
        {notConsented.length > 0 && (
          <p class="warning">没有{notConsented.map((purpose) => consentNames[purpose]).join('、')}的同意记录，请先征得客户同意。</p>
        )}
      </dd>
      {earlier.length > 0 && <dt>以前交出过</dt>}
      {earlier.length > 0 && (
        <dd>
          {earlier.map(({ at, by, recipient }) => (
            <p key={at}>
              {dayAndClock(at, now)} · <bdi>{oneLine(by)}</bdi> · <bdi>{oneLine(recipient)}</bdi>
            </p>
          ))}
        </dd>
      )}
    </dl>
  );
}

/** Customers write 阿里云 for 阿里云计算有限公司. */
function isOtherThan(named: string, typed: string): boolean {
  return named !== '' && typed !== '' && !typed.includes(named) && !named.includes(typed);
}
