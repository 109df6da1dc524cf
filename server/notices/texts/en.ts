import type { NoticeTexts } from './noticeTexts.ts';

/** English: how the program writes to people. */
export const en: NoticeTexts = {
  quantity: { pm25: 'PM2.5', pm10: 'PM10' },
  average: { '1h': 'mean of the last 60 minutes', '24h': 'mean of the last 24 hours' },
  confirmContact: ({ instance, station, link }) => ({
    title: `Please confirm: messages about the station “${station}”`,
    text: `Somebody wants ${instance} to send messages about the station “${station}” to this address: when it falls silent or its sensor is stuck, and whatever else is set for it. A lost station link can then be replaced through this address, too.

Was it you? Then confirm here (valid for two days):
${link}

If not, you need not do anything: without a confirmation we send nothing more.`,
  }),
  confirmWatch: ({ instance, name, quantity, average, limit, link, quiet }) => ({
    title: `Please confirm: particulates alert, ${name}`,
    text: `Somebody wants ${instance} to write to this address when particulates in an area rise above a value:

Area: ${name}
Measured: ${quantity}, ${average}, median of the stations
Message: above ${limit}, and one more when it is over
Time: ${quiet === null ? 'any, also at night' : `not from ${quiet.from} to ${quiet.to}, but after it`}

Was it you? Then confirm here (valid for two days):
${link}

If not, you need not do anything: without a confirmation we send nothing more.`,
  }),
  ntfyCode: ({ instance, station, code }) => ({
    title: `Code: ${code}`,
    text: `${code} is the code to confirm messages from ${instance} about the station “${station}” on this topic. It is valid for an hour.`,
  }),
  recover: ({ instance, stations }) => ({
    title: stations.length === 1 ? `New station link for “${stations[0]?.name}”` : 'New station links',
    text: `At ${instance}, a new station link was requested for this address.

${stations.map(({ name, link }) => `“${name}”:\n${link}`).join('\n\n')}

The link is valid for 24 hours and once. Only when you confirm on the page is a new station link made, and the old one ends. If you did not ask for it, ignore this message: nothing changes.`,
  }),
  handover: ({ instance, station, link }) => ({
    title: `Take over the station “${station}”?`,
    text: `Whoever runs the station “${station}” at ${instance} wants to hand it over to you.

Here you can read what that means, and accept (valid for seven days):
${link}

If you do not want it, you need not do anything.`,
  }),
  linkReplaced: ({ instance, station, date, time, page, contact }) => ({
    title: `Station link replaced: “${station}”`,
    text: `On ${date} at ${time}, a new station link was made for the station “${station}” at ${instance}. The former one has ended.

Was it you? Then you need not do anything.

If not, ask for a new station link yourself right away (it is mailed to this address) and tell ${contact ?? 'the operator'}:
${page}`,
  }),
  handedOver: ({ instance, station, date, time, contact }) => ({
    title: `Station handed over: “${station}”`,
    text: `The offer to take over the station “${station}” at ${instance} was accepted on ${date} at ${time}. Your station link has ended, and this address is no longer stored for the station.

Was that what you wanted? Then you need not do anything.

If not, please turn to ${contact ?? 'the operator'} right away: this address can no longer be used to get a new station link.`,
  }),
  addressRemoved: ({ instance, station, date, time, contact }) => ({
    title: `Address removed: “${station}”`,
    text: `On ${date} at ${time}, this address was removed from the station “${station}” (${instance}). No more messages about this station arrive here, and a lost station link can no longer be replaced through this address.

Was that intended? Then you need not do anything.

If not, somebody else probably has the station link: please turn to ${contact ?? 'the operator'} right away.`,
  }),
  stationDeleted: ({ instance, station, date, time, contact }) => ({
    title: `Station deleted: “${station}”`,
    text: `The station “${station}” at ${instance} was deleted on ${date} at ${time}, with its readings and with this address. This is the last message about it.

Was that intended? Then you need not do anything.

If not, please turn to ${contact ?? 'the operator'} right away.`,
  }),
  silent: ({ name, link, event, since, lastSeen }) =>
    event === 'raised'
      ? {
          title: `“${name}” is silent`,
          text: `The station “${name}” has sent no reading since ${lastSeen}.

Common reasons: power supply unplugged, new Wi-Fi or router, device crashed. Unplugging the device for a moment often helps.

${link}`,
        }
      : {
          title: `“${name}” is back`,
          text: `The station “${name}” has been sending readings again since ${since}.

${link}`,
        },
  stuck: ({ name, link, event, since }) =>
    event === 'raised'
      ? {
          title: `“${name}” has shown the same value for hours`,
          text: `The particle sensor of the station “${name}” has repeated one value for hours (noticed ${since}). No sensor measures like that: usually its fan is blocked or it is broken. These values count in no mean.

${link}`,
        }
      : event === 'cleared'
        ? {
            title: `“${name}” measures again`,
            text: `The particle sensor of the station “${name}” has shown changing values again since ${since}.

${link}`,
          }
        : {
            title: `“${name}”: cannot be judged any more`,
            text: `Whether the particle sensor of the station “${name}” is still stuck cannot be told: no values arrive. This is no all-clear.

${link}`,
          },
  above: ({ name, link, event, since, at, quantity, average, value, limit }) =>
    event === 'raised'
      ? {
          title: `“${name}”: ${quantity} above ${limit}`,
          text: `At the station “${name}”, ${quantity} stands at ${value} (${average}, as of ${at}). That is above the value you chose (${limit}).

A single station can be wrong or stand beside a source such as a stove or a barbecue. A look at its neighbours helps.

${link}

Citizen measurement, not an official value.`,
        }
      : event === 'cleared'
        ? {
            title: `“${name}”: ${quantity} below ${limit} again`,
            text: `All clear. At the station “${name}”, ${quantity} stands at ${value} (${average}, as of ${at}), clearly below the value you chose (${limit}) since ${since}.

${link}

Citizen measurement, not an official value.`,
          }
        : {
            title: `“${name}”: no valid values any more`,
            text: `The station “${name}” has no valid means any more (as of ${at}). Whether they are still above ${limit} cannot be told. This is no all-clear.

${link}`,
          },
  stationJoined: (link) =>
    `One of your stations has a new address: it sends here itself now. Your alert goes on.
${link}`,
  watchEnded: ({ name, link }) => ({
    title: `Particulates alert, ${name}: too few stations`,
    text: `Two of the stations you chose (${name}) are the same device and count as one now:

${link}

That leaves fewer than three, and there is a median from three stations on: this alert tells nothing any more. Choose more stations on the map, or an area, if you would like to go on being told.`,
  }),
  areaAbove: ({ name, link, event, since, at, quantity, average, value, limit, stations }) =>
    event === 'raised'
      ? {
          title: `Particulates, ${name}: above ${limit}`,
          text: `${name}: ${quantity} stands at ${value}, median of ${stations} stations (${average}, as of ${at}). That is above the value you chose (${limit}).

${link}

Particulates only. Citizen measurement, not an official value.`,
        }
      : event === 'cleared'
        ? {
            title: `Particulates, ${name}: below ${limit} again`,
            text: `All clear. ${name}: ${quantity} stands at ${value}, median of ${stations} stations (${average}, as of ${at}), clearly below the value you chose (${limit}) since ${since}.

${link}

Particulates only. Citizen measurement, not an official value.`,
          }
        : {
            title: `Particulates, ${name}: cannot be judged any more`,
            text: `This area (${name}) has fewer than three stations with a valid mean (as of ${at}). Whether values are still above ${limit} cannot be told. This is no all-clear.

${link}`,
          },
  monthly: ({ name, link, month, mean, highestDay, highestMean, validDays, days, dayBegins, ownerPage }) => ({
    title: `Your station “${name}” in ${month}`,
    text: `${
      mean === undefined
        ? `There is no monthly mean for ${month}: ${validDays === 0 ? `none of the ${days} days has` : `only ${validDays} of ${days} days ${validDays === 1 ? 'has' : 'have'}`} enough readings.`
        : `PM2.5, mean of the valid days in ${month}: ${mean} (${validDays} of ${days} days valid).`
    }${highestDay === undefined ? '' : `\nHighest daily mean: ${highestMean} (${highestDay}).`}

Days are calendar days at ${dayBegins}, valid with 18 valid hours. Raw values, uncorrected; hours of a stuck sensor do not count.

The station: ${link}
Settings (with your station link): ${ownerPage}

Citizen measurement, not an official value.`,
  }),
  refused: ({ station, reason, link }) => ({
    title: `“${station}” was not let through`,
    text: `The operator has not let your station “${station}” through.

${reason}

With your station link you can change what you stated here: ${link}
Once it is right the operator can still let the station through. Otherwise it is deleted after 30 days with all that is stored of it.`,
  }),
  approved: ({ station, link }) => ({
    title: `“${station}” has been approved`,
    text: `The operator has approved the station “${station}”. It is public now, with everything it measured since it was registered:
${link}`,
  }),
  dormant: ({ station, lastSeen, deletedOn, link }) => ({
    title: `“${station}” has been silent for a year: data will be deleted`,
    text: `The station “${station}” was last heard ${lastSeen}, more than 12 months ago.

On ${deletedOn} we therefore delete this address and the station’s exact position. The public, rounded position stays, and so do its past readings. Without an address we cannot send you a new station link.

If you want to go on measuring, one reading before then is enough and everything stays as it is. If you want to delete the station altogether, you can do so on your page with the station link.

${link}`,
  }),
  circle: ({ radius, station }) => `${radius} around “${station}”`,
  circleAt: ({ radius }) => `${radius} radius`,
  stationsChosen: (count) => `${count} chosen stations`,
  footer: ({ instance, home, unsubscribe, contact }) =>
    [
      '-- ',
      `${instance} · ${home}`,
      ...(contact ? [`Questions: ${contact}`] : []),
      ...(unsubscribe ? [`Unsubscribe: ${unsubscribe}`] : []),
    ].join('\n'),
};
