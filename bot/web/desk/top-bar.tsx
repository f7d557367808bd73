import { useEffect, useRef, useState } from 'preact/hooks';
import { mayNotify } from './alerts.ts';
import { useDesk } from './context.ts';
import { Icon } from './icon.tsx';
import { type PageName, pages, pagesFor } from './pages.tsx';
import { oneLine, roleNames } from './words.ts';

export function TopBar({ page }: { page: PageName }) {
  const { desk } = useDesk();
  const { sound } = desk.preferences;
  return (
    <header class="top">
      <h1>
        <img src="/favicon.svg" alt="" width="26" height="26" />
        客服工作台
      </h1>
      <nav aria-label="页面">
        {pagesFor(desk).map((name) => {
          const { title, waiting } = pages[name];
          const count = waiting?.(desk) ?? 0;
          return (
            <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
              {title}
              {page !== name && count > 0 && <span class="unread">{count}</span>}
            </a>
          );
        })}
      </nav>
      {desk.connection === 'asking' && <span class="slow">网络受限，每3秒刷新</span>}
      <button
        type="button"
        class="top-button"
        aria-pressed={sound}
        aria-label="提示音"
        title={sound ? '提示音：开' : '提示音：关'}
        onClick={() => desk.prefer({ sound: !sound })}
      >
        <Icon name={sound ? 'sound' : 'silent'} />
      </button>
      <Presence />
      <Menu />
    </header>
  );
}

function Presence() {
  const { desk } = useDesk();
  const { available, queue } = desk;
  return (
    <button
      type="button"
      class={`presence ${available ? 'available' : ''}`}
      role="switch"
      aria-checked={available}
      aria-label="接待状态"
      disabled={!queue}
      title={available ? '点击离开：不再分配新客户' : '点击上线：开始接待'}
      onClick={() => void desk.setAvailable(!available)}
    >
      <i />
      {available ? '在线' : '离开'}
    </button>
  );
}

function Menu() {
  const { desk, ask } = useDesk();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = ({ target }: Event) => !menu.current?.contains(target as Node) && setOpen(false);
    addEventListener('pointerdown', leave);
    return () => removeEventListener('pointerdown', leave);
  }, [open]);
  const then = (act: () => void) => () => {
    setOpen(false);
    opener.current?.focus();
    act();
  };
  const { me, preferences } = desk;
  if (!me) return null;
  const notifyOrNot = async () => desk.prefer({ notifications: !preferences.notifications && (await mayNotify()) });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes, wherever in the menu the focus is
    <div
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        then(() => undefined)();
      }}
      onFocusOut={({ relatedTarget }) => relatedTarget instanceof Node && !menu.current?.contains(relatedTarget) && setOpen(false)}
    >
      <button type="button" class="top-button" ref={opener} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="person" />
        <bdi class="me">{oneLine(me.name)}</bdi>
        <Icon name="down" size={14} />
      </button>
      {open && (
        <div class="menu-list">
          <p>
            <bdi>{oneLine(me.name)}</bdi> · {roleNames[me.role]}
          </p>
          <button type="button" aria-pressed={preferences.notifications} onClick={then(() => void notifyOrNot())}>
            桌面通知：{preferences.notifications ? '开' : '关'}
          </button>
          <button type="button" onClick={then(() => ask({ kind: 'replies' }))}>
            快捷回复
          </button>
          <button type="button" onClick={then(() => ask({ kind: 'keys' }))}>
            键盘快捷键
          </button>
          <button type="button" onClick={then(() => ask({ kind: 'devices' }))}>
            登录设备
          </button>
          <button type="button" onClick={then(() => ask({ kind: 'password' }))}>
            修改密码
          </button>
          <button type="button" onClick={then(() => ask({ kind: 'second-factor' }))}>
            两步验证
          </button>
          <button type="button" onClick={then(() => void desk.attempt(() => desk.signOut()))}>
            退出登录
          </button>
        </div>
      )}
    </div>
  );
}
