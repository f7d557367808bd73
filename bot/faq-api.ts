import type { ServerResponse } from 'node:http';
import type { FaqEntry } from '../knowledge/faq-entry.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { longestMatchedText } from '../knowledge/text/normalize.ts';
import { badArgument, notFound, sendJson } from './http/http-error.ts';
import type { Origins } from './http/origins.ts';
import type { Route, RoutedRequest } from './http/web-server.ts';

const mostResults = 20;

/** The knowledge base over HTTP: what a conversation would decide, and single answers with their sources. Public, read only. */
export function faqRoutes(knowledge: () => Knowledge, origins: Origins): Route[] {
  const open = (answer: (request: RoutedRequest, response: ServerResponse) => void): Route['handle'] => {
    return async (request, response) => {
      origins.admit(request, response);
      answer(request, response);
    };
  };
  return [
    { method: 'get', path: '/api/faq/search', handle: open((request, response) => search(knowledge(), request, response)) },
    {
      method: 'get',
      path: '/api/faq/:id',
      handle: open((request, response) => {
        const entry = knowledge().entry(request.params.id ?? '');
        if (!entry) throw notFound();
        sendJson(response, 200, publicEntry(entry));
      }),
    },
  ];
}

function search(knowledge: Knowledge, request: RoutedRequest, response: ServerResponse): void {
  const { search: encoded, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (!isWellEncoded(encoded)) throw badArgument('The query string is not UTF-8 in percent encoding.');
  const query = searchParams.get('q') ?? '';
  if (query.trim() === '') throw badArgument('q: the question is missing.');
  if (query.length > longestMatchedText) throw badArgument(`q: a question may have at most ${longestMatchedText} characters.`);
  const top = Number(searchParams.get('top') ?? 5);
  if (!Number.isInteger(top) || top < 1 || top > mostResults) throw badArgument(`top: a whole number from 1 to ${mostResults}.`);
  const after = searchParams.get('after') ?? undefined;
  if (after !== undefined && !knowledge.entry(after)) throw badArgument('after: there is no topic with this id.');
  const started = performance.now();
  const { decision, results } = knowledge.match(query, { top, ...(after !== undefined && { after }) });
  sendJson(response, 200, {
    query,
    decision,
    results: results.map(({ id, confidence }) => ({ id, question: knowledge.entry(id)?.question, confidence })),
    tookMs: Number((performance.now() - started).toFixed(3)),
  });
}

/** What is not would be read as replacement characters, and the answer be one to another question. */
function isWellEncoded(query: string): boolean {
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}

function publicEntry({ id, category, question, answer, sources, reviewed, expires }: FaqEntry) {
  return {
    id,
    category,
    question,
    answer: answer.trim(),
    sources: sources.map(({ title, issuer, published, url }) => ({ title, issuer, published, ...(url && { url }) })),
    reviewed,
    ...(expires && { expires }),
  };
}
