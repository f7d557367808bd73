import { availableParallelism } from 'node:os';
import type { LabelledQuestion } from '../../knowledge/evaluation/questions.ts';
import { measure } from '../knowledge/evaluation/quality.ts';
import { type Contestant, percent } from '../knowledge/evaluation/report.ts';
import { statedPrecision } from '../knowledge/evaluation/threshold.ts';
import type { Finding } from './ask-peer.ts';
import { fitDecision, type PeerDecision, verdictOf } from './decide.ts';
import { type PeerPlan, peers } from './peers.ts';
import { installPeers, runPeers } from './run-peers.ts';

export interface Comparison {
  /** In the order of `peers`. */
  peers: Contestant[];
  /** What a reader of the table has to know. */
  remarks: string[];
}

/** Fits a decision for each peer on the development half and has it answer the test half. `named`: parts of names; all when none. */
export async function comparePeers(
  development: readonly LabelledQuestion[],
  reported: readonly LabelledQuestion[],
  named: readonly string[],
): Promise<Comparison> {
  const plans = choose(named);
  installPeers();
  const processors = availableParallelism();
  console.log(
    `\nAsking ${plans.length} peers on ${processors} processors (all of them take most of an hour on two, for the sake of fuse.js and NLP.js) …`,
  );
  const contestants = new Map<string, Contestant>();
  const decisions = new Map<string, PeerDecision>();
  const messages = [...new Set([...development, ...reported].map(({ asked }) => asked))];
  const faults = await runPeers(plans, messages, ({ name }, findings) => {
    const decision = fitDecision(answered(development, findings), statedPrecision);
    decisions.set(name, decision);
    const own = contestant(name, findings, decision, reported);
    contestants.set(name, own);
    console.log(`${name} is through: ${percent(measure(reported, own.match).accuracy)} right first`);
  });
  return {
    peers: plans.flatMap(({ name }) => contestants.get(name) ?? []),
    remarks: [...remarks(processors), ...plans.flatMap(({ name }) => thresholdRemark(name, decisions.get(name))), ...faults],
  };
}

function choose(named: readonly string[]): readonly PeerPlan[] {
  const chosen = peers.filter(({ name }) => named.length === 0 || named.some((part) => name.toLowerCase().includes(part.toLowerCase())));
  if (chosen.length === 0)
    throw new Error(`No peer is called ${named.join(' or ')}: there are ${peers.map(({ name }) => name).join(', ')}.`);
  return chosen;
}

function answered(questions: readonly LabelledQuestion[], findings: readonly Finding[]) {
  const found = new Map(findings.map((finding) => [finding.asked, finding.found]));
  return questions.map((question) => ({ question, found: found.get(question.asked) ?? [] }));
}

function contestant(name: string, findings: readonly Finding[], decision: PeerDecision, reported: readonly LabelledQuestion[]): Contestant {
  const byMessage = new Map(findings.map((finding) => [finding.asked, finding]));
  return {
    name,
    match: (question) => verdictOf(byMessage.get(question)?.found ?? [], decision),
    times: reported.flatMap(({ asked }) => byMessage.get(asked)?.ms ?? []),
  };
}

function remarks(processors: number): string[] {
  return [
    'Peers index the same texts (question, phrasings and keywords of every topic), one document each; a topic scores as its best document.',
    'All get texts in half width, lower case and simplified characters, and those without words of their own get ours (jieba and the trade’s).',
    `Each answers by one threshold, fitted on the development half for the same stated precision of ${statedPrecision} (answers to messages out of`,
    'scope count as wrong), on its score, its lead over the next topic, or that lead as a share of the score: whichever lets it answer most.',
    'What it does not answer it refuses, whereas ours may also offer topics. Its AUROC is that of whichever separates best there.',
    'The messages in knowledge/out-of-scope are part of our knowledge base: peers have nothing to do with them and do not see them.',
    `Times: ours alone in its process; peers in processes of their own, ${processors} at once, in the same run.`,
  ];
}

function thresholdRemark(name: string, decision: PeerDecision | undefined): string[] {
  if (!decision) return [];
  const { answersBy, threshold, separatesBy } = decision;
  const answers =
    threshold === undefined ? 'is never precise enough to answer' : `answers from a ${answersBy} of ${threshold.toPrecision(4)}`;
  return [`${name}: ${answers}; AUROC of its ${separatesBy}.`];
}
