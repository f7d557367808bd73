import { useId } from 'preact/hooks';
import { momentOf } from '../../../dialogs/china-day.ts';
import { useDesk, useNow } from './context.ts';

/** In pixels: how wide characters are at most, but for a few, and a row of two lines with the room below it. */
const size = { character: 8, gap: 24, line: 16, height: 52 };

/**
 * Who looks, and when in China, over all of an element of the class `watermarked`, so that a photo of the screen tells who took it: what was
 * revealed or uploaded. It is for cameras alone: pointers, the clipboard and screen readers do not meet it.
 */
export function Watermark() {
  const { desk } = useDesk();
  const now = useNow();
  const id = useId();
  const lines = [desk.me?.login ?? '', `${momentOf(now)} 查看`];
  const width = Math.max(...lines.map(({ length }) => length)) * size.character + size.gap;
  // Every other row begins in the middle of the one above; what of it leaves the tile comes back in at its left.
  const places = [[0, 0] as const, [width / 2, size.height] as const, [-width / 2, size.height] as const];
  return (
    <svg class="watermark" aria-hidden="true">
      <pattern id={id} width={width} height={size.height * 2} patternUnits="userSpaceOnUse" patternTransform="rotate(-16)">
        {places.map(([x, y]) =>
          lines.map((line, at) => (
            <text key={`${x} ${at}`} x={x} y={y + (at + 1) * size.line}>
              {line}
            </text>
          )),
        )}
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
