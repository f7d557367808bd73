import { useEffect, useState } from 'preact/hooks';
import type { FullExportDraft, FullExportList } from '../../desk/desk-api.ts';
import { read, send } from './calls.ts';
import { filterText } from './case-filter.ts';
import { Confirmation, useConfirmation } from './confirmation.tsx';
import { useDesk } from './context.ts';
import { useDeed } from './deed.ts';
import { Actions, Dialog, Problem } from './dialog.tsx';
import { nobodyElse } from './full-exports.tsx';
import { explain } from './words.ts';

export interface FullExportRequestProps {
  filter: FullExportDraft['filter'];
  /** How many cases it leaves, as far as the page knows. */
  total: number;
  /** The name behind `filter.agent`. */
  worker: string | undefined;
  close: () => void;
}

/** Asks for the cases of a filter with nothing covered. */
export function FullExportRequest(props: FullExportRequestProps) {
  const [list, setList] = useState<FullExportList | undefined>(undefined);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    read<FullExportList>('full-exports').then(setList, (error: unknown) => setTrouble(explain(error)));
  }, []);
  const why = list && obstacle(list, props.total);
  if (list && why === undefined) return <RequestForm {...props} />;
  return (
    <Dialog title="申请完整导出" close={props.close}>
      {!list && !trouble && <p class="empty">正在读取…</p>}
      {trouble && <Problem>{trouble}</Problem>}
      {why !== undefined && <p>{why}</p>}
      {list?.exports.some(isOpen) && (
        <p>
          <a href="#/exports">去看我的申请</a>
        </p>
      )}
    </Dialog>
  );
}

const isOpen = ({ mine, state }: FullExportList['exports'][number]) => mine && (state === 'asked' || state === 'granted');

/** Why there is no asking now. */
function obstacle({ exports, others, most }: FullExportList, total: number): string | undefined {
  if (others === 0) return nobodyElse;
  if (exports.some(isOpen)) return '您已经有一个申请，下载或撤回之后才能再申请。';
  if (total > most) return `符合条件的有${total}张，一次最多导出${most}张，请缩小筛选范围。`;
  return undefined;
}

function RequestForm({ filter, total, worker, close }: FullExportRequestProps) {
  const { desk } = useDesk();
  const [reason, setReason] = useState('');
  const { act, problem, busy } = useDeed(close);
  const confirmation = useConfirmation();
  const ask = async () => {
    await confirmation.confirmed(() => send('full-exports', { filter, reason: reason.trim() } satisfies FullExportDraft));
    desk.say('申请已提交，请另一位主管同意');
    location.hash = '#/exports';
  };
  return (
    <Dialog title="申请完整导出" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(ask);
        }}
      >
        <p class="hint">
          导出受理单的全部内容，证件号码不遮盖。另一位主管同意后，您在30分钟内下载一次，文件用密码加密。材料不在里面，请到各张受理单生成资料包。
        </p>
        <dl class="contents">
          <dt>范围（现在{total}张）</dt>
          <dd>{filterText(filter, worker)}</dd>
        </dl>
        <label>
          理由（同意的人看得到，并记入操作记录）
          <input
            value={reason}
            minlength={2}
            maxlength={200}
            required
            placeholder="例如：迁移到新的备案系统"
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        {problem && <Problem>{problem}</Problem>}
        <Confirmation confirmation={confirmation} page="cases" />
        <Actions close={close} busy={busy} word="提交申请" disabled={reason.trim().length < 2} />
      </form>
    </Dialog>
  );
}
