// The embed script: a button at the corner of the agency's page, and the chat in a frame of our own behind it. Nothing is
// loaded before the visitor opens it. Styles are set through the object model, which a strict CSP of the page permits, and
// each as important, so that the page's own rules for buttons and frames do not reach ours.
type Styles = Record<string, string>;

(() => {
  const script = document.currentScript as HTMLScriptElement | null;
  // Pages include it twice by mistake; the button of the first may not be there yet.
  if (document.querySelector('[data-filing-widget], script[data-filing-loaded]')) return;
  script?.setAttribute('data-filing-loaded', '');
  const origin = new URL(script?.src ?? location.href).origin;
  // The page's own first picture waits for nothing of ours, not even for a button that is not on the page yet.
  const beginAfterPaint = () => requestAnimationFrame(() => setTimeout(() => begin(origin)));
  if (document.body) beginAfterPaint();
  else addEventListener('DOMContentLoaded', beginAfterPaint);

  function begin(origin: string): void {
    const small = matchMedia('(max-width: 600px), (max-height: 480px)');
    const page = document.documentElement;
    const view = window.visualViewport;
    const readyWithinMs = 2000;
    const [teal, ink] = ['#0e5b62', '#12282d'];
    const family = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
    const chatShape = 'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm3 5v2h10V9zm0 3.5v2h7v-2z';
    const closeShape = 'M12 16.4 4.6 9 6 7.6l6 6 6-6L19.4 9z';
    const pressable = { cursor: 'pointer', 'touch-action': 'manipulation' };
    const noticeButton: Styles = {
      ...pressable,
      display: 'inline-block',
      'min-height': '44px',
      margin: '0 12px 0 0',
      padding: '0 24px',
      border: '1px solid #0e5b62',
      'border-radius': '22px',
      background: '#fff',
      color: '#0e5b62',
      font: 'inherit',
    };

    const besideButton: Styles = {
      right: '20px',
      bottom: '88px',
      width: '400px',
      'max-width': 'calc(100% - 40px)',
      height: 'min(720px, calc(100% - 108px))',
      border: '0',
      'border-radius': '16px',
      background: '#fff',
      'box-shadow': '0 16px 48px rgba(10, 61, 68, .25)',
    };

    let frame: HTMLIFrameElement | undefined;
    let notice: HTMLElement | undefined;
    let ready = false;
    let open = false;
    let overflowBefore: string | undefined;

    const svg = 'http://www.w3.org/2000/svg';
    const shape = document.createElementNS(svg, 'path');
    const icon = document.createElementNS(svg, 'svg');
    icon.setAttribute('viewBox', '0 0 24 24');
    icon.setAttribute('aria-hidden', 'true');
    icon.append(shape);
    style(icon, { display: 'block', width: '26px', height: '26px', margin: '0 auto', fill: '#fff' });
    const badge = document.createElement('span');
    const button = newButton('', () => show(!open));
    button.dataset.filingWidget = '';
    button.append(icon, badge);

    function show(now: boolean): void {
      open = now;
      if (now && !frame) load();
      announce(0);
      layOut();
      if (now) frame?.focus();
      else button.focus({ preventScroll: true });
      tell();
    }

    function load(): void {
      frame?.remove();
      notice?.remove();
      notice = undefined;
      const loading = document.createElement('iframe');
      frame = loading;
      loading.title = '备案助手';
      loading.src = `${origin}/widget#${encodeURIComponent(location.origin)}`;
      // A frame that the browser refuses to show tells nobody; one that works reports as soon as it has loaded.
      loading.addEventListener('load', () => setTimeout(() => frame === loading && !ready && explain(), readyWithinMs));
      document.body.append(loading);
      layOut();
    }

    /** Instead of the browser's own page in a grey frame, which says that somebody "refused to connect". */
    function explain(): void {
      const text = (words: string, styles: Styles) => {
        const paragraph = document.createElement('p');
        paragraph.textContent = words;
        style(paragraph, { display: 'block', margin: '0 0 16px', ...styles });
        return paragraph;
      };
      notice = document.createElement('div');
      notice.setAttribute('role', 'alert');
      notice.append(
        text('备案助手没能打开', { 'font-weight': '600', 'font-size': '18px' }),
        text('请检查网络，然后重试。', {}),
        newButton('重试', load, noticeButton),
        newButton('关闭', () => show(false), noticeButton),
        text(
          `网站管理员请留意：如果一直打不开，请把 ${location.origin} 加入备案助手的 WIDGET_ORIGINS 设置；本页若有内容安全策略（CSP），frame-src 须包含 ${origin}。`,
          {
            margin: '24px 0 0',
            'font-size': '14px',
            color: '#4c6166',
          },
        ),
      );
      document.body.append(notice);
      layOut();
    }

    function layOut(): void {
      const all = open && small.matches;
      style(button, {
        ...pressable,
        position: 'fixed',
        right: 'max(20px, env(safe-area-inset-right))',
        bottom: 'max(20px, env(safe-area-inset-bottom))',
        'z-index': '2147483000',
        display: all ? 'none' : 'block',
        width: '56px',
        height: '56px',
        'border-radius': '50%',
        background: teal,
        'box-shadow': '0 6px 20px rgba(10, 61, 68, .3)',
        'outline-offset': '3px',
      });
      button.setAttribute('aria-expanded', String(open));
      shape.setAttribute('d', open ? closeShape : chatShape);
      if (frame) style(frame, panel());
      if (notice) style(notice, { ...panel(), padding: '40px 28px', overflow: 'auto', font: `16px/1.7 ${family}`, color: ink });
      holdPage(all);
    }

    function panel(): Styles {
      const place = small.matches ? wholeView() : besideButton;
      return {
        position: 'fixed',
        'box-sizing': 'border-box',
        'z-index': '2147483001',
        display: open ? 'block' : 'none',
        'color-scheme': 'light',
        ...place,
      };
    }

    /** All that can be seen: the keyboard of a phone covers the lower half of a page without making the page smaller. */
    function wholeView(): Styles {
      const zoomed = !view || view.scale > 1.01;
      return {
        top: zoomed ? '0' : `${view.offsetTop}px`,
        left: '0',
        width: '100%',
        height: zoomed ? '100%' : `${view.height}px`,
        // The frame itself is not told where the screen has its notch.
        padding: 'env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)',
        background: `linear-gradient(${teal} 50%, #fff 50%)`,
      };
    }

    /** What is behind a chat that takes the whole screen should not scroll under the finger. */
    function holdPage(now: boolean): void {
      if (now === (overflowBefore !== undefined)) return;
      const before = overflowBefore;
      overflowBefore = now ? page.style.overflow : undefined;
      page.style.overflow = now ? 'hidden' : (before ?? '');
    }

    function announce(unread: number): void {
      badge.textContent = unread > 9 ? '9+' : String(unread);
      style(badge, {
        position: 'absolute',
        top: '-4px',
        right: '-4px',
        display: unread > 0 ? 'block' : 'none',
        'box-sizing': 'border-box',
        'min-width': '22px',
        padding: '5px 6px',
        'border-radius': '11px',
        background: '#c2410c',
        color: '#fff',
        font: `600 12px/1 ${family}`,
        'text-align': 'center',
      });
      const label = open ? '收起备案助手' : '打开备案助手';
      button.setAttribute('aria-label', unread > 0 ? `${label}，${unread}条新消息` : label);
    }

    function tell(): void {
      frame?.contentWindow?.postMessage({ filingWidget: open ? 'opened' : 'closed' }, origin);
    }

    function newButton(label: string, click: () => void, styles: Styles = {}): HTMLButtonElement {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = label;
      made.addEventListener('click', click);
      style(made, styles);
      return made;
    }

    addEventListener('message', ({ origin: from, source, data }: MessageEvent<unknown>) => {
      if (from !== origin || source !== frame?.contentWindow || typeof data !== 'object' || data === null || !('filingWidget' in data))
        return;
      if (data.filingWidget === 'close') show(false);
      if (data.filingWidget === 'unread' && 'count' in data && typeof data.count === 'number' && !open) announce(data.count);
      if (data.filingWidget === 'ready') {
        ready = true;
        notice?.remove();
        notice = undefined;
        tell();
      }
    });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && open) show(false);
    });
    small.addEventListener('change', layOut);
    view?.addEventListener('resize', layOut);
    view?.addEventListener('scroll', layOut);

    announce(0);
    layOut();
    document.body.append(button);

    /** Begins from nothing, whatever the page has laid down for elements of this kind; the browser's own ring shows the focus. */
    function style(element: HTMLElement | SVGElement, styles: Styles): void {
      element.style.cssText = Object.entries({ all: 'initial', outline: 'revert', ...styles })
        .map(([name, value]) => `${name}:${value}!important`)
        .join(';');
    }
  }
})();
