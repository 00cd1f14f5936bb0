export { inventPeople, type Person } from './people.js';
