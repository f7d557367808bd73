import { useEffect, useState } from 'preact/hooks';
import { useDesk } from './context.ts';
import { Icon } from './icon.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { SidePanel } from './side-panel.tsx';
import { TalkPanel } from './talk-panel.tsx';
import { oneLine } from './words.ts';

/** Room for the queue, two conversations and what is known of the customer. */
const wide = matchMedia('(min-width: 1480px)');

export function Conversations() {
  const { desk } = useDesk();
  const [isWide, setWide] = useState(wide.matches);
  const [drawer, setDrawer] = useState(false);
  useEffect(() => {
    const look = () => setWide(wide.matches);
    wide.addEventListener('change', look);
    return () => wide.removeEventListener('change', look);
  }, []);
  const front = desk.frontTalk;
  const active = isWide ? desk.activeTalk : front;
  const beside = isWide && desk.beside !== undefined ? desk.talks.get(desk.beside) : undefined;
  return (
    <div class="conversations">
      <QueuePanel />
      <main class="middle">
        <Tabs canStandBeside={isWide} />
        {front ? (
          <div class="columns">
            <TalkPanel key={front.id} talk={front} openDrawer={() => setDrawer(true)} />
            {beside && beside !== front && <TalkPanel key={beside.id} talk={beside} openDrawer={() => setDrawer(true)} />}
          </div>
        ) : (
          <Welcome />
        )}
      </main>
      {active && <SidePanel key={active.id} talk={active} open={drawer} close={() => setDrawer(false)} />}
    </div>
  );
}

function Tabs({ canStandBeside }: { canStandBeside: boolean }) {
  const { desk } = useDesk();
  if (desk.open.length === 0) return null;
  const nameOf = (id: string) => {
    const { waiting = [], held = [] } = desk.queue ?? {};
    const customer =
      desk.talks.get(id)?.facts?.brief.customer ??
      [...waiting, ...held].find(({ conversation }) => conversation === id)?.customer ??
      '会话';
    return oneLine(customer);
  };
  return (
    <nav class="tabs" aria-label="打开的会话">
      <ul>
        {desk.open.map((id) => {
          const name = nameOf(id);
          const unread = desk.talks.get(id)?.unread ?? 0;
          return (
            <li key={id} class={id === desk.front ? 'front' : id === desk.beside ? 'beside' : ''}>
              <button type="button" aria-current={id === desk.front ? 'true' : undefined} onClick={() => desk.show(id)}>
                <bdi>{name}</bdi>
                {unread > 0 && id !== desk.front && (
                  <span class="unread">
                    {unread}
                    <span class="unseen">条未读</span>
                  </span>
                )}
              </button>
              {canStandBeside && desk.open.length > 1 && (
                <button
                  type="button"
                  class="plain"
                  aria-pressed={id === desk.beside}
                  aria-label={`并排显示${name}`}
                  title="并排显示"
                  onClick={() => desk.showBeside(id)}
                >
                  <Icon name="beside" size={14} />
                </button>
              )}
              <button type="button" class="plain" aria-label={`关闭${name}`} onClick={() => desk.close(id)}>
                <Icon name="close" size={14} />
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Welcome() {
  const { desk } = useDesk();
  const waiting = desk.queue?.waiting.length ?? 0;
  return (
    <div class="welcome">
      <img src="/favicon.svg" alt="" width="56" height="56" />
      {waiting > 0 ? (
        <>
          <p>有{waiting}位客户在等</p>
          <button type="button" class="primary" onClick={() => void desk.takeNext()}>
            接下一位 <kbd>N</kbd>
          </button>
        </>
      ) : (
        <>
          <p>现在没有客户在等</p>
          <p class="quiet">{desk.available ? '有客户转人工时会提醒您' : '您是离开状态，点右上角上线后开始接待'}</p>
        </>
      )}
      <p class="quiet">
        按 <kbd>?</kbd> 查看键盘快捷键
      </p>
    </div>
  );
}
