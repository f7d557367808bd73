const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'jpg', // see `givenOut`
  'application/pdf': 'pdf',
};

/** How the name of a document ends when it is given out; `contentType` is that of what the customer sent. */
export function fileEnding(contentType: string): string {
  return endings[contentType] ?? 'bin';
}
