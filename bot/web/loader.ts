// The embed script: a button at the corner of the agency's page, and the chat in a frame of our own behind it. Nothing is
// loaded before the visitor opens it. Styles are set through the object model, which a strict CSP of the page permits.
{
  const script = document.currentScript as HTMLScriptElement | null;
  const origin = new URL(script?.src ?? location.href).origin;
  const phone = matchMedia('(max-width: 600px)');
  let frame: HTMLIFrameElement | undefined;
  let open = false;

  const button = document.createElement('button');
  button.type = 'button';
  set(button, {
    position: 'fixed',
    right: '20px',
    bottom: 'max(20px, env(safe-area-inset-bottom))',
    width: '56px',
    height: '56px',
    padding: '0',
    border: '0',
    borderRadius: '50%',
    background: '#0f5c63',
    color: '#fff',
    cursor: 'pointer',
    boxShadow: '0 6px 20px rgba(10, 40, 45, .28)',
    zIndex: '2147483000',
    font: '600 12px/1 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  });
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', width: '26', height: '26', 'aria-hidden': 'true' }))
    icon.setAttribute(name, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute('d', 'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm3 5v2h10V9zm0 3.5v2h7v-2z');
  icon.append(path);
  set(icon, { display: 'block', margin: '0 auto' });
  const badge = document.createElement('span');
  set(badge, {
    position: 'absolute',
    top: '-4px',
    right: '-4px',
    minWidth: '20px',
    padding: '4px 5px',
    borderRadius: '10px',
    background: '#c2410c',
    boxSizing: 'border-box',
    display: 'none',
  });
  button.append(icon, badge);
  button.addEventListener('click', () => show(!open));

  function show(now: boolean): void {
    open = now;
    if (now && !frame) {
      frame = document.createElement('iframe');
      frame.title = '备案助手';
      frame.src = `${origin}/widget#${encodeURIComponent(location.origin)}`;
      frame.addEventListener('load', () => frame?.contentWindow?.focus());
      document.body.append(frame);
    }
    layOut();
    announce(0);
    button.setAttribute('aria-expanded', String(now));
    button.setAttribute('aria-label', now ? '收起备案助手' : '打开备案助手');
    if (now) frame?.focus();
    else button.focus({ preventScroll: true });
    tell(now ? 'opened' : 'closed');
  }

  function layOut(): void {
    if (!frame) return;
    const panel = phone.matches
      ? { inset: '0', width: '100%', height: '100dvh', borderRadius: '0', right: '0', bottom: '0' }
      : { inset: 'auto', right: '20px', bottom: '88px', width: '400px', height: 'min(640px, calc(100dvh - 108px))', borderRadius: '16px' };
    set(frame, {
      position: 'fixed',
      border: '0',
      background: '#fff',
      boxShadow: '0 16px 48px rgba(10, 40, 45, .25)',
      zIndex: '2147483001',
      colorScheme: 'light',
      ...panel,
      display: open ? 'block' : 'none',
    });
    button.style.display = open && phone.matches ? 'none' : 'block';
  }

  function announce(unread: number): void {
    badge.textContent = unread > 9 ? '9+' : String(unread);
    badge.style.display = unread > 0 && !open ? 'block' : 'none';
  }

  function tell(type: 'opened' | 'closed'): void {
    frame?.contentWindow?.postMessage({ filingWidget: type }, origin);
  }

  addEventListener('message', ({ origin: from, source, data }: MessageEvent<unknown>) => {
    if (from !== origin || source !== frame?.contentWindow || typeof data !== 'object' || data === null || !('filingWidget' in data))
      return;
    if (data.filingWidget === 'close') show(false);
    if (data.filingWidget === 'ready') tell(open ? 'opened' : 'closed');
    if (data.filingWidget === 'unread' && 'count' in data && typeof data.count === 'number') announce(data.count);
  });
  phone.addEventListener('change', layOut);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open) show(false);
  });

  function set(element: HTMLElement | SVGElement, styles: Record<string, string>): void {
    Object.assign(element.style, styles);
  }

  const mount = () => {
    button.setAttribute('aria-label', '打开备案助手');
    button.setAttribute('aria-expanded', 'false');
    document.body.append(button);
  };
  if (document.body) mount();
  else addEventListener('DOMContentLoaded', mount);
}

export {};
