import type { Choice, Reply } from '../../dialogs/reply.ts';
import type { Activity, FilingData } from '../activity.ts';

export interface Speaker {
  id: string;
  name: string;
}

/**
 * A reply as an activity: readable text for every channel, with the choices listed and numbered at its end, and the same
 * choices as buttons for clients that have them.
 */
export function renderReply(reply: Reply, speaker: Speaker, timestamp: string, replyToId?: string): Activity {
  const said = [reply.text, reply.provenance].filter(Boolean).join('\n\n');
  const list = numberedList(reply.choices.map(({ label }) => label));
  const text = list === '' ? said : [said, reply.invitation, list].filter(Boolean).join('\n\n');
  return {
    type: 'message',
    timestamp,
    from: { id: speaker.id, name: speaker.name, role: 'bot' },
    text,
    textFormat: 'markdown',
    locale: 'zh-CN',
    inputHint: 'acceptingInput',
    ...(reply.choices.length > 0 && { suggestedActions: { actions: reply.choices.map(suggestedAction) } }),
    channelData: { filing: filingData(reply, said.length) },
    ...(replyToId && { replyToId }),
  };
}

/** The choices at the end of a text, a line each; their numbers are what customers type. */
export function numberedList(labels: readonly string[]): string {
  return labels.map((label, at) => `${at + 1}. ${label}`).join('\n');
}

function suggestedAction({ label }: Choice) {
  return { type: 'imBack' as const, title: label, value: label };
}

function filingData(reply: Reply, choicesAt: number): FilingData {
  const { text, choices, provenance, invitation: _, ...kind } = reply;
  return { ...kind, ...(provenance && { provenanceAt: text.length }), ...(choices.length > 0 && { choicesAt }) };
}
