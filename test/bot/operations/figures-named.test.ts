import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../../bot/paths.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';

const folder = join(projectRoot, 'bot', 'operations');
const alertFile = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() }).loose()) }).loose()),
});
const dashboardFile = z
  .object({ panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() }).loose()) }).loose()) })
  .loose();

const alerts = alertFile.parse(parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8'))).groups.flatMap(({ rules }) => rules);
const panels = dashboardFile.parse(JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8'))).panels;

let app: TestApplication;
/** Names of figures as Prometheus stores them, and what a figure can be told apart by. */
let shown: Map<string, string>;

beforeAll(async () => {
  app = await startTestApplication();
  const text = await (await fetch(`${app.url}/metrics`)).text();
  shown = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
});
afterAll(() => app.stop());

/** The figures an expression asks for: words that are followed by no parenthesis and stand outside of braces, brackets and `by (…)`. */
function figuresIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\bby \([^)]*\)/g, ' ');
  return [...bare.matchAll(/\b[a-z][a-z0-9_]{3,}\b(?!\s*\()/g)].map(([name]) => name).filter((name) => name.includes('_'));
}

function isShown(figure: string): boolean {
  const histogram = figure.replace(/_(bucket|sum|count)$/, '');
  return shown.has(figure) || (histogram !== figure && shown.get(histogram) === 'histogram');
}

describe('the dashboard and the alerts', () => {
  it.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s asks for figures that the bot shows', (alert, expr) => {
    const figures = figuresIn(expr);
    // `up` is Prometheus' own, of each job.
    if (alert !== 'FilingDown') expect(figures.length).toBeGreaterThan(0);
    expect(figures.filter((figure) => !isShown(figure))).toEqual([]);
  });

  it.each(panels.map(({ title, targets }) => [title, targets]))('the panel "%s" asks for figures that the bot shows', (_, targets) => {
    for (const { expr } of targets) {
      expect(figuresIn(expr).length).toBeGreaterThan(0);
      expect(figuresIn(expr).filter((figure) => !isShown(figure))).toEqual([]);
    }
  });

  it('show every figure of ours somewhere', () => {
    const asked = new Set(
      [...alerts.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))].flatMap(figuresIn),
    );
    const named = [...asked].map((figure) => (shown.has(figure) ? figure : figure.replace(/_(bucket|sum|count)$/, '')));
    expect([...shown.keys()].filter((name) => name.startsWith('filing_') && !named.includes(name))).toEqual([]);
  });
});

it('the guide says of every alert what to do', () => {
  const guide = readFileSync(join(folder, 'guide.md'), 'utf8');
  expect(alerts.map(({ alert }) => alert).filter((alert) => !new RegExp(`^\\|[^|]*\\b${alert}\\b`, 'm').test(guide))).toEqual([]);
});

it('every command in the guide is one of package.json', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  const named = [...readFileSync(join(folder, 'guide.md'), 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
