/** What a script of this folder says went wrong, by a line `tkplay: WORD` on stderr, and what came after it. */
export interface ScriptWords {
  readonly word: string
  readonly words: string
}

export const saidByScript = (stderr: string): ScriptWords | undefined => {
  const [, word, words] = /^tkplay: (\S+)\n?([\s\S]*)/m.exec(stderr) ?? []
  return word === undefined || words === undefined ? undefined : { word, words: words.trim() }
}
