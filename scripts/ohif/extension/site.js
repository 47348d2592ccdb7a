/**
 * A site's own extension: it sends a token by the authentication service, which OHIF asks for each
 * request, and notes what the user is told.
 */
export default {
  id: 'test.site',
  preRegistration({ servicesManager }) {
    const { userAuthenticationService, uiNotificationService } = servicesManager.services;
    userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: () => {
        const { token } = window.ohifTest;
        return token ? { Authorization: `Bearer ${token}` } : {};
      },
    });
    const { show } = uiNotificationService;
    uiNotificationService.show = (notification) => {
      window.ohifTest.notifications.push(notification.message);
      return show.call(uiNotificationService, notification);
    };
  },
};
