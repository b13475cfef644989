import { killOnServers, ON_SERVERS } from './kill-on-servers.ts';

killOnServers(ON_SERVERS[0]);
