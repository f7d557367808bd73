import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Scroller } from '../shared/scroller.ts';
import { Typing } from '../shared/typing.tsx';
import { Composer } from './composer.tsx';
import { useDesk, useNow } from './context.ts';
import { EntryView } from './entry-view.tsx';
import { Icon } from './icon.tsx';
import type { Talk } from './talk.ts';
import type { Outgoing } from './transcript.ts';
import { channelName, oneLine, plain } from './words.ts';

/** One conversation: its head, what was said, and where the agent writes. */
export function TalkPanel({ talk, openDrawer }: { talk: Talk; openDrawer: () => void }) {
  const { desk } = useDesk();
  if (!talk.isLoaded) {
    return (
      <section class="talk" aria-label="会话">
        <p class="empty">{talk.trouble || '正在读取…'}</p>
        {talk.trouble && (
          <button type="button" class="small" onClick={() => void talk.load()}>
            再试一次
          </button>
        )}
      </section>
    );
  }
  return (
    <section
      class="talk"
      onFocusIn={() => desk.workIn(talk)}
      onPointerDown={() => desk.workIn(talk)}
      aria-label={`与${oneLine(talk.facts?.brief.customer ?? '客户')}的会话`}
    >
      <Head talk={talk} openDrawer={openDrawer} />
      <Log talk={talk} />
      <Composer talk={talk} />
    </section>
  );
}

function Head({ talk, openDrawer }: { talk: Talk; openDrawer: () => void }) {
  const { ask } = useDesk();
  const { facts } = talk;
  if (!facts) return null;
  const { brief, owner, handoff } = facts;
  const withBot = handoff === 'requested' ? '等待接入' : '机器人在接待';
  return (
    <header class="talk-head">
      <h2>
        <bdi>{oneLine(brief.customer)}</bdi>
      </h2>
      <p class="quiet">
        {channelName(brief.channel)} · {owner.kind === 'bot' ? withBot : talk.mine ? '您在接待' : `${oneLine(owner.name)}在接待`}
      </p>
      {talk.mine && (
        <>
          <button type="button" class="small" title="转接（T）" onClick={() => ask({ kind: 'transfer', talk })}>
            <Icon name="transfer" size={15} />
            转接
          </button>
          <button type="button" class="small" title="结束会话（E）" onClick={() => ask({ kind: 'complete', talk })}>
            <Icon name="done" size={15} />
            结束会话
          </button>
        </>
      )}
      <button type="button" class="small drawer-opener" onClick={openDrawer}>
        <Icon name="info" size={15} />
        资料
      </button>
    </header>
  );
}

const nearTopPx = 120;

function Log({ talk }: { talk: Talk }) {
  const log = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  const scroller = useMemo(() => new Scroller(() => setBelow(false)), []);
  const { entries, pending, older, typing } = talk;
  const last = entries.at(-1)?.position ?? 0;
  const first = entries[0]?.position ?? 0;
  const height = useRef({ first, px: 0 });
  const shownTo = useRef(0);

  // Before anything is shown: whoever opens a conversation stands at its end.
  useLayoutEffect(() => scroller.watch(log.current), [scroller]);

  useLayoutEffect(() => {
    const shown = log.current;
    if (!shown) return;
    // What was added above must not move what is being read.
    if (first < height.current.first) shown.scrollTop += shown.scrollHeight - height.current.px;
    height.current = { first, px: shown.scrollHeight };
  });

  useLayoutEffect(() => {
    if (!scroller.follow() && last > shownTo.current) setBelow(true);
    shownTo.current = last;
  }, [last, pending.length, typing, scroller]);

  // What stands in front of somebody who looks at it has been seen.
  useEffect(() => {
    const see = () => !document.hidden && document.hasFocus() && !below && talk.see();
    see();
    addEventListener('focus', see);
    return () => removeEventListener('focus', see);
  }, [last, below, talk]);

  const more = () => {
    if (log.current && log.current.scrollTop < nearTopPx) void talk.loadOlder();
  };
  // A short beginning leaves nothing to scroll, and so no way to ask for what was before.
  useEffect(more, [first]);

  return (
    <div class="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <div class="log" role="log" aria-live="polite" aria-label="聊天记录" tabIndex={0} ref={log} onScroll={more}>
        {older === 'loading' && <p class="rule">正在读取更早的消息…</p>}
        <Transcript talk={talk} />
        {pending.map((each) => (
          <Pending key={each.id} outgoing={each} talk={talk} />
        ))}
        {typing && <Typing who="客户" />}
      </div>
      {below && (
        <button type="button" class="newer" onClick={() => scroller.toEnd()}>
          ↓ 有新消息
        </button>
      )}
    </div>
  );
}

/** Drawn again only when there is something new in it, not with every key that is pressed below it. */
function Transcript({ talk }: { talk: Talk }) {
  const { entries, id, facts } = talk;
  const customer = oneLine(facts?.brief.customer ?? '客户');
  const now = useNow();
  const today = new Date(now).toDateString();
  const undelivered = facts?.undelivered;
  return useMemo(
    () => (
      <>
        {entries.map((entry, at) => (
          <EntryView
            key={entry.position}
            entry={entry}
            before={entries[at - 1]}
            conversation={id}
            customer={customer}
            now={now}
            undelivered={undelivered?.find(({ position }) => position === entry.position)}
          />
        ))}
      </>
    ),
    [entries, id, customer, today, undelivered],
  );
}

function Pending({ outgoing: { id, text, state, reason, position }, talk }: { outgoing: Outgoing; talk: Talk }) {
  const { desk } = useDesk();
  const waits = desk.connection === 'cut' ? '恢复连接后自动发送' : '发送中…';
  return (
    <article class="message agent" aria-label="正在发送">
      <div class="bubble">
        <p class="text" dir="auto">
          {plain(text)}
        </p>
      </div>
      {state === 'failed' ? (
        <p class="delivery failed">
          没有发出：{reason}
          <button type="button" class="link" onClick={() => talk.retry()}>
            重试
          </button>
          <button type="button" class="link" onClick={() => talk.takeBack(id)}>
            放回输入框
          </button>
        </p>
      ) : (
        position === undefined && <p class="delivery">{waits}</p>
      )}
    </article>
  );
}
