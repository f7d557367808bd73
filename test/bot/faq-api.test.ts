import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../support/application.ts';
import { realKnowledge } from '../support/knowledge.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication({ WIDGET_ORIGINS: 'https://www.agency.example' });
});
afterAll(() => app.stop());

interface Found {
  query: string;
  decision: string;
  results: { id: string; question: string; confidence: number }[];
  tookMs: number;
  error?: { code: string; message: string };
}

async function search(parameters: Record<string, string> | string): Promise<{ status: number; body: Found }> {
  const response = await fetch(`${app.url}/api/faq/search?${new URLSearchParams(parameters)}`);
  return { status: response.status, body: (await response.json()) as Found };
}

describe('searching', () => {
  it('finds a topic with the decision and confidence of a conversation', async () => {
    const { status, body } = await search({ q: '备案密码忘了怎么办' });
    const { decision, results } = realKnowledge().match('备案密码忘了怎么办', { top: 5 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ query: '备案密码忘了怎么办', decision, results });
    expect(body.results[0]).toEqual({ id: 'lost-filing-password', question: expect.any(String), confidence: expect.any(Number) });
    expect(body.tookMs).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['answer', '备案审核要多长时间'],
    ['reject', '今天天气怎么样'],
  ])('decides to %s', async (decision, q) => {
    expect((await search({ q })).body.decision).toBe(decision);
  });

  it('gives as many as asked for', async () => {
    expect((await search({ q: '备案', top: '2' })).body.results).toHaveLength(2);
  });

  it('gives the same twice', async () => {
    const [{ tookMs: _, ...one }, { tookMs: __, ...other }] = [
      (await search({ q: '域名冲突' })).body,
      (await search({ q: '域名冲突' })).body,
    ];
    expect(other).toEqual(one);
  });

  it('is not confused by what users type', async () => {
    for (const q of ['😀😀😀', '\u0000\u0001', '%', "' OR 1=1 --", '<script>', '\u202e倒过来', 'a'.repeat(500)]) {
      expect((await search({ q })).status, q).toBe(200);
    }
  });

  it.each([
    ['without a question', 'top=5', /^q: /],
    ['with an empty one', 'q=%20', /^q: /],
    ['with one as long as a book', `q=${'x'.repeat(5000)}`, /^q: .*characters/],
    ['with two', 'q=a&q=b', /given more than once/],
    ['for no results', 'q=a&top=0', /^top: /],
    ['for half a result', 'q=a&top=1.5', /^top: /],
    ['for thousands', 'q=a&top=5000', /^top: /],
    ['after a topic that does not exist', 'q=a&after=nothing', /^after: /],
  ])('%s is refused', async (_, parameters, message) => {
    const { status, body } = await search(parameters);
    expect([status, body.error]).toEqual([400, { code: 'BadArgument', message: expect.stringMatching(message) }]);
  });
});

it('a search in broken percent encoding is refused', async () => {
  const response = await fetch(`${app.url}/api/faq/search?q=%E0%A4%A`);
  const { error } = (await response.json()) as Found;
  expect([response.status, error]).toEqual([400, { code: 'BadArgument', message: expect.stringMatching(/percent encoding/) }]);
});

describe('a topic', () => {
  it.each(realKnowledge().entries.map(({ id }) => [id]))(
    '%s is given with its sources and dates, without notes of the editors',
    async (id) => {
      const response = await fetch(`${app.url}/api/faq/${id}`);
      const entry = (await response.json()) as Record<string, unknown>;
      expect(Object.keys(entry).filter((key) => key !== 'expires')).toEqual([
        'id',
        'category',
        'question',
        'answer',
        'sources',
        'reviewed',
      ]);
      expect(JSON.stringify(entry)).not.toContain('"ref"');
      for (const source of entry.sources as object[]) {
        expect(source).toMatchObject({ title: expect.any(String), issuer: expect.any(String), published: expect.any(String) });
      }
    },
  );

  it.each(['nothing', '__proto__', '..%2f..%2fpackage.json', '%00'])('%s does not exist', async (id) => {
    expect((await fetch(`${app.url}/api/faq/${id}`)).status).toBe(404);
  });
});

it('pages of other origins are refused', async () => {
  const from = (origin: string) => fetch(`${app.url}/api/faq/fees`, { headers: { origin } });
  expect((await from('https://evil.example')).status).toBe(403);
  expect((await from('https://www.agency.example')).headers.get('access-control-allow-origin')).toBe('https://www.agency.example');
});
