import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Bubble, newKey, withActivities } from './chat.ts';
import { Composer } from './composer.tsx';
import { type ConnectionState, DirectLine } from './direct-line.ts';
import { Message } from './message.tsx';

const typingShownMs = 8_000;

/** The chat panel. `host`: origin of the page that shows it, for the few words exchanged with its loader; empty when alone. */
export function Widget({ host }: { host: string }) {
  const [bubbles, setBubbles] = useState<Bubble[]>([]);
  const [state, setState] = useState<ConnectionState>('connecting');
  const [typing, setTyping] = useState(false);
  const log = useRef<HTMLDivElement>(null);
  const seen = useRef(0);
  const shown = useRef(true);

  const typingEnds = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const showTyping = (now: boolean) => {
    clearTimeout(typingEnds.current);
    setTyping(now);
    // An agent may take minutes, and a person in charge keeps the bot silent: dots that never end would be a lie.
    if (now) typingEnds.current = setTimeout(() => setTyping(false), typingShownMs);
  };

  const line = useMemo(() => {
    let userId = '';
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
      sent: (key) => setBubbles((known) => known.map((bubble) => (bubble.key === key ? { ...bubble, delivery: 'sent' } : bubble))),
      failed: (key) => setBubbles((known) => known.map((bubble) => (bubble.key === key ? { ...bubble, delivery: 'failed' } : bubble))),
    });
  }, []);

  useEffect(() => {
    void line.start();
  }, [line]);

  useEffect(() => {
    const listen = ({ origin, source, data }: MessageEvent<{ filingWidget?: string } | undefined>) => {
      if (origin !== host || source !== parent) return;
      shown.current = data?.filingWidget === 'opened';
      if (shown.current) scrollToEnd(log.current);
    };
    addEventListener('message', listen);
    tellHost(host, { filingWidget: 'ready' });
    return () => removeEventListener('message', listen);
  }, [host]);

  const received = bubbles.filter(({ own }) => !own).length;
  useEffect(() => {
    if (shown.current) {
      seen.current = received;
      scrollToEnd(log.current);
    } else tellHost(host, { filingWidget: 'unread', count: Math.max(0, received - seen.current) });
  }, [received, bubbles.length, typing, host]);

  const say = (text: string) => {
    const key = newKey();
    setBubbles((known) => [...known, { key, own: true, text, time: Date.now(), delivery: 'sending' }]);
    line.send(text, key);
    showTyping(true);
  };
  const sayAgain = ({ key, text }: Bubble) => {
    setBubbles((known) => known.map((bubble) => (bubble.key === key ? { ...bubble, delivery: 'sending' } : bubble)));
    line.send(text, key);
  };

  const lastBotAt = bubbles.findLastIndex(({ own }) => !own);
  const sending = bubbles.some(({ delivery }) => delivery === 'sending');
  return (
    <main class="widget">
      <header class="head">
        <div class="mark" aria-hidden="true">
          备
        </div>
        <div class="title">
          <h1>备案助手</h1>
          <p>自动回复，答案附依据和核对日期</p>
        </div>
        {host && (
          <button type="button" class="close" aria-label="收起" onClick={() => tellHost(host, { filingWidget: 'close' })}>
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
              <path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M6 9l6 6 6-6" />
            </svg>
          </button>
        )}
      </header>
      <Status state={state} />
      <div class="log" role="log" aria-live="polite" aria-label="对话" ref={log}>
        {bubbles.map((bubble, at) => (
          <Message
            key={bubble.key}
            bubble={bubble}
            before={bubbles[at - 1]}
            choose={at === lastBotAt && !sending ? say : undefined}
            retry={() => sayAgain(bubble)}
          />
        ))}
        {typing && state === 'online' && (
          <div class="typing" role="status" aria-label="正在输入">
            <i />
            <i />
            <i />
          </div>
        )}
      </div>
      <Composer send={say} />
    </main>
  );
}

function Status({ state }: { state: ConnectionState }) {
  const text = {
    connecting: '正在连接…',
    online: '',
    reconnecting: '网络中断，正在重新连接，您的消息不会丢失。',
    failed: '暂时连接不上，正在重试。请检查网络。',
  }[state];
  return (
    <p class={`status ${text ? 'shown' : ''}`} role="status">
      {text}
    </p>
  );
}

function scrollToEnd(log: HTMLElement | null): void {
  if (!log) return;
  // A long answer is read from its beginning: its top stays in sight.
  const last = log.querySelector('.message:last-of-type');
  const top =
    last instanceof HTMLElement && last.offsetHeight > log.clientHeight * 0.8 ? last.offsetTop - log.offsetTop - 12 : log.scrollHeight;
  log.scrollTo({ top });
}

function tellHost(host: string, message: object): void {
  if (host && parent !== window) parent.postMessage(message, host);
}
