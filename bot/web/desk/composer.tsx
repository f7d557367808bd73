import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CannedReply } from '../../desk/desk-api.ts';
import { isComposing } from '../shared/input.ts';
import { fieldOf, hasKeyboard, useDesk } from './context.ts';
import { Icon } from './icon.tsx';
import { fill, type Occasion, search, unfilled } from './replies.ts';
import type { Talk } from './talk.ts';
import { oneLine } from './words.ts';

const longest = 2000;
const tallestPx = 180;

/** Where the agent writes; locked for as long as the conversation is not theirs. */
export function Composer({ talk }: { talk: Talk }) {
  if (!talk.mine) return <Locked talk={talk} />;
  return <Field talk={talk} />;
}

function Locked({ talk }: { talk: Talk }) {
  const { desk, ask } = useDesk();
  const { owner, handoff } = talk.facts ?? {};
  if (owner?.kind === 'agent') {
    return (
      <div class="locked">
        <p>
          <bdi>{oneLine(owner.name)}</bdi>在接待，您只能看
        </p>
        {desk.isSupervisor && (
          <button type="button" onClick={() => ask({ kind: 'take-over', talk, from: owner })}>
            接管
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="locked">
      <p>{handoff === 'requested' ? '客户在等，接入后就能回复' : '机器人在接待，接入后由您回复'}</p>
      <button type="button" class="primary" onClick={() => void desk.claim(talk.id)}>
        接入
      </button>
    </div>
  );
}

function Field({ talk }: { talk: Talk }) {
  const { desk } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [searching, setSearching] = useState(false);
  const { draft } = talk;
  const trimmed = draft.trim();
  const tooMany = trimmed.length - longest;
  const missing = unfilled(draft);
  const stopped = trimmed === '' || tooMany > 0 || missing.length > 0;

  useEffect(() => {
    if (hasKeyboard() && !desk.isLooking) field.current?.focus();
  }, []);

  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, tallestPx)}px`;
  }, [draft]);

  const submit = () => {
    field.current?.focus();
    if (stopped) return;
    talk.say(trimmed);
    talk.write('');
  };
  const insert = ({ text }: CannedReply) => {
    talk.write([draft.trimEnd(), fill(text, occasionOf(talk, desk.me?.name ?? ''))].filter(Boolean).join('\n'));
    setSearching(false);
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {searching && (
        <ReplySearch
          choose={insert}
          leave={() => {
            setSearching(false);
            field.current?.focus();
          }}
        />
      )}
      {missing.length > 0 && (
        <p class="limit" role="status">
          还要填：{missing.join('、')}
        </p>
      )}
      {tooMany > 0 && (
        <p class="limit" role="status">
          多了{tooMany}个字：一条最多{longest}字，可以分几条发送。
        </p>
      )}
      <textarea
        id={fieldOf(talk)}
        ref={field}
        rows={2}
        value={draft}
        placeholder="写回复，Enter 发送；输入 / 找快捷回复"
        aria-label="回复客户"
        onInput={({ currentTarget }) => talk.write(currentTarget.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          const wantsReply = (event.key === '/' && draft === '') || (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey));
          if (wantsReply || (event.key === 'Enter' && !event.shiftKey)) event.preventDefault();
          if (wantsReply) setSearching(true);
          else if (event.key === 'Enter' && !event.shiftKey) submit();
        }}
      />
      <div class="composer-foot">
        <button type="button" class="small" title="Ctrl + K" onClick={() => setSearching(true)}>
          <Icon name="reply" size={15} />
          快捷回复
        </button>
        <span class="quiet keys">Shift + Enter 换行</span>
        <button type="submit" class="primary small" disabled={stopped}>
          <Icon name="send" size={15} />
          发送
        </button>
      </div>
    </form>
  );
}

/** What the variables of a reply stand for here. */
export function occasionOf({ facts }: Talk, agent: string): Occasion {
  const { customer = '', form, cases = [] } = facts?.brief ?? {};
  // 访客 and the end of an id is what the desk calls them, and nothing to address anybody by.
  const name = customer.startsWith('访客') ? '您' : oneLine(customer);
  return { customer: name, agent, case: form?.number ?? cases[0]?.number };
}

function ReplySearch({ choose, leave }: { choose: (reply: CannedReply) => void; leave: () => void }) {
  const { desk, ask } = useDesk();
  const [query, setQuery] = useState('');
  const [picked, setPicked] = useState(0);
  const panel = useRef<HTMLDivElement>(null);
  const found = search(desk.replies ?? [], query);
  const at = Math.min(picked, found.length - 1);
  // Before anything is drawn: the letter typed next belongs to the search.
  useLayoutEffect(() => panel.current?.querySelector('input')?.focus(), []);
  useEffect(() => {
    if (!desk.replies) void desk.loadReplies();
  }, [desk]);
  useEffect(() => {
    panel.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const keys: Record<string, () => void> = {
    ArrowDown: () => setPicked(Math.min(at + 1, found.length - 1)),
    ArrowUp: () => setPicked(Math.max(at - 1, 0)),
    Enter: () => found[at] && choose(found[at]),
    Escape: leave,
  };
  return (
    <div
      class="reply-search"
      ref={panel}
      onFocusOut={({ relatedTarget }) => relatedTarget instanceof Node && !panel.current?.contains(relatedTarget) && leave()}
    >
      <div class="reply-head">
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="replies-found"
          aria-activedescendant={found[at] ? `reply-${found[at].id}` : undefined}
          aria-label="找快捷回复"
          placeholder="按标题或内容找"
          value={query}
          onInput={({ currentTarget }) => {
            setQuery(currentTarget.value);
            setPicked(0);
          }}
          onKeyDown={(event) => {
            const act = isComposing(event) ? undefined : keys[event.key];
            if (!act) return;
            event.preventDefault();
            act();
          }}
        />
        <button type="button" class="small" onClick={() => ask({ kind: 'replies' })}>
          管理
        </button>
      </div>
      <div id="replies-found" role="listbox" aria-label="快捷回复" class="replies-found">
        {found.map((reply, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above, where the focus stays
          <div
            key={reply.id}
            id={`reply-${reply.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(reply)}
          >
            <strong>{oneLine(reply.title)}</strong>
            <span>{oneLine(reply.text)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="empty">{desk.replies ? '没有找到' : '正在读取…'}</p>}
    </div>
  );
}
