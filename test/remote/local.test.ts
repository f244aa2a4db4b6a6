import { remoteContract } from './contract.ts';

remoteContract('local');
