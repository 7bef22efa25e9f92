import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 11 (Node 20) optimize later. It has no tier between its first machine code and TurboFan, and calls TurboFan
 * early: in a run of seconds, a sixth of the processor time was spent on optimizing code that ended soon after. V8 12
 * and later have such a tier, and another flag. Call this before the program is loaded: V8 rejects code that was
 * compiled under other flags.
 */
export const optimizeLater = (): void => {
  // Bytes of bytecode that a function executes before V8 considers it; V8's default is 67,584.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')
}
