export { facts, parseFacts } from './facts.js'
export { setup } from './setup.js'
