/** Why somebody is handed to a person. */
export const handoffReasons = ['asked', 'misses', 'complaint', 'needs-person', 'unknown-notice'] as const;
export type HandoffReason = (typeof handoffReasons)[number];

/** What a request may need of the person: filings that collide, licences, the rules of provinces. */
export const skills = ['conflict', 'license', 'province'] as const;
export type Skill = (typeof skills)[number];

/** What became of a handoff, told by the bot's own side. `agent`: who it was, or who is to take over. */
export const handoffEvents = ['timed-out', 'unanswered', 'transferred', 'completed'] as const;
export type HandoffEvent = (typeof handoffEvents)[number];
