import type { Lists } from './seen.js'

/** Whether the package lists may be used as they are: there, newer than the sources, and young enough (seconds). */
export const areFresh = (lists: Lists, validFor: number): boolean =>
  lists.any && lists.fetched >= lists.sources && lists.now - lists.fetched <= validFor

/** For people: why they are fetched. */
export const whyStale = (lists: Lists): string => {
  if (!lists.any) return 'there are none yet'
  if (lists.fetched < lists.sources) return 'the sources have changed'
  return `${age(lists.now - lists.fetched)} old`
}

const age = (seconds: number): string => {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
