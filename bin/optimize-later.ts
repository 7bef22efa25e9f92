import { setFlagsFromString } from 'node:v8'

/**
 * V8 11, which Node 20 holds, has no tier between its first machine code and TurboFan, and so calls that one early: in a run of seconds a
 * sixth of the processor time went into optimizing what ended soon after. From V8 12 on there is such a tier, and another flag.
 * To be called before the program is loaded: code that was compiled under other flags is not taken.
 */
export const optimizeLater = (): void => {
  // Bytes of bytecode that a function runs before it is looked at; V8's own figure is 67,584.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')
}
