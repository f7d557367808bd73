// These run inside the page: each has to be complete in itself. An empty list means that there is nothing to complain about.

/** Texts whose colour is too near to what is behind them, by WCAG 2.2 (1.4.3), each with its contrast. */
export function lowContrasts(): string[] {
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const parse = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([r, g, b, a]: Colour, [R, G, B]: Colour): Colour => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const channel = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]: Colour) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const contrast = (a: Colour, b: Colour) => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  /** Every colour that a gradient may have behind the text, or the one plain colour. */
  const grounds = (element: Element | null): Colour[] => {
    if (!element) return [[255, 255, 255, 1]];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const stops = backgroundImage.match(/rgba?\([^)]*\)/g) ?? [backgroundColor];
    const colours = stops.map(parse);
    if (colours.every(([, , , alpha]) => alpha === 1)) return colours;
    return colours.flatMap((colour) => grounds(element.parentElement).map((behind) => over(colour, behind)));
  };
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    const words = [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent?.trim() : '')).join('');
    if (words === '' || !element.checkVisibility({ visibilityProperty: true }) || element.matches('script, style, noscript')) return [];
    const behind = grounds(element);
    const colour = parse(getComputedStyle(element).color);
    const lowest = Math.min(...behind.map((ground) => contrast(over(colour, ground), ground)));
    return lowest < 4.5 ? [`${lowest.toFixed(2)} ${words.slice(0, 30)}`] : [];
  });
}

/** Buttons and links of their own, not those inside a sentence, that are too small for a finger. */
export function smallTargets(): string[] {
  return [...document.querySelectorAll('button, nav a, a.button, textarea')].flatMap((element) => {
    const { width, height } = element.getBoundingClientRect();
    if (width === 0 || (width >= 40 && height >= 40)) return [];
    return [`${Math.round(width)}×${Math.round(height)} ${element.textContent}`];
  });
}

/** Whatever is wider than the room it has. */
export function sidewaysScroll(): string[] {
  return [...document.querySelectorAll('html, [role=log], .bubble, .choices, .composer, .files, .summary, .head, .status')].flatMap(
    (element) => (element.scrollWidth > element.clientWidth + 1 ? [`${element.tagName}.${element.className}: ${element.scrollWidth}`] : []),
  );
}
