import { remoteContract } from './contract.ts';
import { sshContract } from './ssh-contract.ts';

remoteContract('ssh2');
sshContract('ssh2');
