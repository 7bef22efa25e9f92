/** What a test goes on with, which must be there: a test that ended here without it would pass. */
export const present = <T>(one: T | undefined): T => {
  if (one === undefined) throw new Error('what the test goes on with is not there')
  return one
}
