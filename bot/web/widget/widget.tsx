import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isComposing, newKey } from '../shared/input.ts';
import { Scroller } from '../shared/scroller.ts';
import { Typing } from '../shared/typing.tsx';
import { type Bubble, type Company, companyIn, kindOf, openSummaryAt, withActivities, withRefusal } from './chat.ts';
import { Composer } from './composer.tsx';
import { type ConnectionState, DirectLine } from './direct-line.ts';
import { Message } from './message.tsx';

const typingShownMs = 8_000;
const troubleShownAfterMs = 700;

/** The chat panel. `host`: origin of the page that shows it, for the few words exchanged with its loader; empty when alone. */
export function Widget({ host }: { host: string }) {
  const [state, setState] = useState<ConnectionState>('connecting');
  const [bubbles, setBubbles] = useState<Bubble[]>([]);
  const [typing, setTyping] = useState(false);
  const [below, setBelow] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const scroller = useMemo(() => new Scroller(() => setBelow(false)), []);
  const seen = useRef(0);
  const [shown, setShown] = useState(true);

  const typingEnds = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const showTyping = (now: boolean) => {
    clearTimeout(typingEnds.current);
    setTyping(now);
    // An agent may take minutes, and a person in charge keeps the bot silent: dots that never end would be a lie.
    if (now) typingEnds.current = setTimeout(() => setTyping(false), typingShownMs);
  };

  const line = useMemo(() => {
    let userId = '';
    const mark = (key: string, news: Partial<Bubble>) =>
      setBubbles((known) => known.map((bubble) => (bubble.key === key ? { ...bubble, ...news } : bubble)));
    return new DirectLine({
      state: setState,
      started: (user) => {
        userId = user;
        // What waits to be sent stays: it goes into the new conversation.
        setBubbles((known) => known.filter(({ activity }) => !activity));
      },
      activities: (activities) => {
        if (activities.some(({ from }) => from.role === 'bot')) showTyping(false);
        setBubbles((known) => withActivities(known, activities, userId));
      },
      typing: () => showTyping(true),
      sent: (key) => mark(key, { delivery: 'sent' }),
      failed: (key, refusal) => {
        showTyping(false);
        if (refusal) setBubbles((known) => withRefusal(known, key, refusal));
        else mark(key, { delivery: 'failed' });
      },
      delayed: (key, delay) => {
        showTyping(false);
        mark(key, { delay, uploaded: undefined });
      },
      uploaded: (key, share) => mark(key, { uploaded: share, delay: undefined }),
    });
  }, []);

  useEffect(() => {
    setBubbles(line.waiting.map(({ text, clientActivityID }) => newBubble(text, clientActivityID)));
    line.start();
  }, [line]);
  useEffect(() => scroller.watch(log.current), [scroller]);

  useEffect(() => {
    const listen = ({ origin, source, data }: MessageEvent<{ filingWidget?: string } | undefined>) => {
      if (origin !== host || source !== parent) return;
      const opened = data?.filingWidget === 'opened';
      setShown(opened);
      if (opened && hasKeyboard()) field.current?.focus();
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !isComposing(event)) tellHost(host, { filingWidget: 'close' });
    };
    addEventListener('message', listen);
    addEventListener('keydown', leave);
    tellHost(host, { filingWidget: 'ready' });
    return () => {
      removeEventListener('message', listen);
      removeEventListener('keydown', leave);
    };
  }, [host]);

  const received = bubbles.filter(({ own }) => !own).length;
  // What is said below a message that was not taken is news, too.
  const failed = bubbles.filter(({ delivery }) => delivery === 'failed').length;
  useLayoutEffect(() => {
    if (!shown) return tellHost(host, { filingWidget: 'unread', count: Math.max(0, received - seen.current) });
    if (!scroller.follow() && received > seen.current) setBelow(true);
    seen.current = received;
  }, [shown, received, failed, bubbles.length, typing, host, scroller]);

  const company = companyIn(bubbles);
  const say = (text: string, files: readonly File[] = []) => {
    const bubble = { ...newBubble(text, newKey()), ...(files.length > 0 && { files }) };
    scroller.toEnd();
    setBubbles((known) => [...known, bubble]);
    line.send(text, bubble.key, files);
    // A person may take minutes; that they type is told when they do.
    if (files.length === 0 && company?.kind !== 'person') showTyping(true);
  };
  const sayAgain = ({ key, text, files }: Bubble) => {
    setBubbles((known) =>
      known.map((bubble) =>
        bubble.key === key ? { ...bubble, delivery: 'sending', uploaded: undefined, delay: undefined, place: undefined } : bubble,
      ),
    );
    line.send(text, key, files);
  };
  const choose = (text: string) => {
    // The button that was pressed goes away: the focus must not go with it.
    if (hasKeyboard()) field.current?.focus();
    else log.current?.focus({ preventScroll: true });
    say(text);
  };

  const lastBotAt = bubbles.map(({ own }) => own).lastIndexOf(false);
  const sending = bubbles.some(({ delivery }) => delivery === 'sending');
  const summaryAt = openSummaryAt(bubbles);
  const asked = ['ask', 'refuse'].includes(kindOf(bubbles[lastBotAt]) ?? '');
  return (
    <main class="widget">
      <header class="head">
        <div class="mark" aria-hidden="true">
          备
        </div>
        <div class="title">
          <h1>{company?.kind === 'person' ? `客服 ${company.name}` : '备案助手'}</h1>
          <p>{subtitle(company)}</p>
        </div>
        {host && (
          <button type="button" class="close" aria-label="收起" onClick={() => tellHost(host, { filingWidget: 'close' })}>
            <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
              <path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M6 9l6 6 6-6" />
            </svg>
          </button>
        )}
      </header>
      <Status state={state} retry={() => line.reconnect()} />
      <div class="talk">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
        <div class="log" role="log" aria-live="polite" aria-label="对话" tabIndex={0} ref={log}>
          {bubbles.map((bubble, at) => (
            <Message
              key={bubble.key}
              bubble={bubble}
              before={bubbles[at - 1]}
              online={state === 'online'}
              choose={at === lastBotAt && !sending ? choose : undefined}
              change={at === summaryAt && !sending ? choose : undefined}
              retry={() => sayAgain(bubble)}
            />
          ))}
          {typing && state === 'online' && <Typing who="" />}
        </div>
        {below && (
          <button type="button" class="newer" onClick={() => scroller.toEnd()}>
            ↓ 有新消息
          </button>
        )}
      </div>
      <Composer
        send={say}
        field={field}
        asked={asked && company?.kind !== 'person'}
        typing={() => company?.kind === 'person' && line.typing()}
      />
    </main>
  );
}

function subtitle(company: Company): string {
  if (company?.kind === 'person') return '人工服务中，发“结束会话”回到助手';
  if (company?.kind !== 'queue') return '自动回复，答案附依据和核对日期';
  return company.position === undefined ? '正在转接客服' : `正在转接客服，您排在第${company.position}位`;
}

function Status({ state, retry }: { state: ConnectionState; retry: () => void }) {
  const [shown, setShown] = useState<ConnectionState>('online');
  useEffect(() => {
    // Most interruptions are over before anybody could read of them.
    const timer = setTimeout(() => setShown(state), state === 'online' ? 0 : troubleShownAfterMs);
    return () => clearTimeout(timer);
  }, [state]);
  const text = {
    connecting: '正在连接…',
    online: '',
    reconnecting: '连接中断，正在重新连接。您可以继续输入，恢复后自动发送。',
    unavailable: '服务暂时不可用，正在自动重试。您可以继续输入，恢复后自动发送。',
    failed: '暂时连接不上，正在重试。请检查网络。',
  }[shown];
  return (
    <div class={`status ${text ? 'shown' : ''}`} role="status">
      <p>{text}</p>
      {text && shown !== 'connecting' && (
        <button type="button" onClick={retry}>
          立即重试
        </button>
      )}
    </div>
  );
}

function newBubble(text: string, key: string): Bubble {
  return { key, own: true, text, time: Date.now(), delivery: 'sending' };
}

/** On a touch screen, focus in the field would bring up a keyboard over half of the answer. */
function hasKeyboard(): boolean {
  return matchMedia('(hover: hover) and (pointer: fine)').matches;
}

function tellHost(host: string, message: object): void {
  if (host && parent !== window) parent.postMessage(message, host);
}
