/** How well clusters agree with labels, each item judged by itself and all on average (B-cubed). */
export interface Togetherness {
  /** Of the cluster that an item stands in, the share that has its label. */
  pure: number;
  /** Of all with its label, the share that stands in its cluster. */
  whole: number;
  clusters: number;
}

export function togetherness(clusters: readonly (readonly number[])[], labels: readonly string[]): Togetherness {
  const ofLabel = countBy(labels);
  let [pure, whole] = [0, 0];
  for (const cluster of clusters) {
    for (const [label, count] of countBy(cluster.map((at) => labels[at] ?? ''))) {
      pure += count * (count / cluster.length);
      whole += count * (count / (ofLabel.get(label) ?? count));
    }
  }
  return { pure: pure / labels.length, whole: whole / labels.length, clusters: clusters.length };
}

function countBy(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
