import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';

export interface Series {
  label: string;
  colour: string;
  values: readonly number[];
}

const heightPx = 220;
const dayMs = 86_400_000;

/** Lines over days. What it shows stands in the table below it as well, for those who do not see it. */
export function Chart({ days, series }: { days: readonly string[]; series: readonly Series[] }) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = JSON.stringify([days, series]);
  useEffect(() => {
    const { current } = place;
    if (!current) return undefined;
    let plot: uPlot | undefined;
    let gone = false;
    const fit = new ResizeObserver(() => plot?.setSize({ width: current.clientWidth, height: heightPx }));
    // Only who opens this page loads it.
    void import('uplot').then(({ default: Plot }) => {
      if (gone) return;
      plot = new Plot(optionsFor(series, current.clientWidth), dataOf(days, series), current);
      fit.observe(current);
    });
    return () => {
      gone = true;
      fit.disconnect();
      plot?.destroy();
    };
  }, [drawn]);
  return <div class="chart" ref={place} aria-hidden="true" />;
}

function optionsFor(series: readonly Series[], width: number): uPlot.Options {
  return {
    width,
    height: heightPx,
    cursor: { y: false },
    scales: { x: { time: true }, y: { range: (_, _low, high) => [0, Math.max(5, high * 1.1)] } },
    series: [
      { label: '日期', value: (_, time) => (time === null ? '' : dayText(time)) },
      ...series.map(({ label, colour }) => ({ label, stroke: colour, width: 2, points: { show: true, size: 5 } })),
    ],
    axes: [{ values: (_, times) => times.map(dayText), space: 70 }, { size: 44 }],
    tzDate: (time) => new Date(time * 1000 + new Date(time * 1000).getTimezoneOffset() * 60_000),
  };
}

function dataOf(days: readonly string[], series: readonly Series[]): uPlot.AlignedData {
  return [days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000), ...series.map(({ values }) => [...values])];
}

function dayText(seconds: number): string {
  const date = new Date(Math.round((seconds * 1000) / dayMs) * dayMs);
  return `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}
